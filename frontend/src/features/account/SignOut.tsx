import { useMutation } from "@tanstack/react-query";

import { Alert } from "@/components/Alert";
import { Button } from "@/components/Button";
import { getCognitoErrorMessage } from "@/features/auth/cognitoErrors";
import { signOut } from "@/features/auth/session";
import { clearAttempts } from "@/features/checkout/attempt";

/** Ends the session in this browser, or on all devices. */
export function SignOut() {
  const { mutate, isPending, variables, error } = useMutation({
    mutationFn: async (everywhere: boolean) => {
      clearAttempts();
      sessionStorage.clear();
      await signOut({ everywhere });
    },
  });
  return (
    <>
      <div className="flex flex-wrap gap-3">
        <Button variant="secondary" busy={isPending && !variables} onClick={() => mutate(false)}>
          Sign out
        </Button>
        <Button variant="secondary" busy={isPending && variables} onClick={() => mutate(true)}>
          Sign out on all devices
        </Button>
      </div>
      {error && (
        <div className="mt-4">
          <Alert tone="error">{getCognitoErrorMessage(error)}</Alert>
        </div>
      )}
    </>
  );
}
