import { useMutation } from "@tanstack/react-query";

import { Button } from "@/components/Button";
import { Notice } from "@/components/Notice";
import { sentenceOfCognito } from "@/features/auth/sentences";
import { signOut } from "@/features/auth/session";
import { forgetAttempts } from "@/features/checkout/attempt";

/** Ends the session here, or on all devices. */
export function SignOut() {
  const { mutate, isPending, variables, error } = useMutation({
    mutationFn: async (everywhere: boolean) => {
      forgetAttempts();
      sessionStorage.clear();
      await signOut({ everywhere });
    },
  });
  return (
    <>
      <div className="flex flex-wrap gap-3">
        <Button look="quiet" busy={isPending && !variables} onClick={() => mutate(false)}>
          Sign out
        </Button>
        <Button look="quiet" busy={isPending && variables} onClick={() => mutate(true)}>
          Sign out on all devices
        </Button>
      </div>
      {error && (
        <div className="mt-4">
          <Notice tone="wrong">{sentenceOfCognito(error)}</Notice>
        </div>
      )}
    </>
  );
}
