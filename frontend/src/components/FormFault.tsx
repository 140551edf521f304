import { Notice } from "@/components/Notice";

/** What is wrong with a form as a whole. `useForm` focuses it. */
export function FormFault({ text, children }: { text: string | undefined; children?: React.ReactNode }) {
  if (!text) return null;
  return (
    <div tabIndex={-1} data-form-fault="">
      <Notice tone="wrong">
        {text} {children}
      </Notice>
    </div>
  );
}
