import { Alert } from "@/components/Alert";

/** The error of a form as a whole. `useForm` focuses it. */
export function FormError({ text, children }: { text: string | undefined; children?: React.ReactNode }) {
  if (!text) return null;
  return (
    <div tabIndex={-1} data-form-error="">
      <Alert tone="error">
        {text} {children}
      </Alert>
    </div>
  );
}
