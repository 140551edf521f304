import { useMutation, useQueryClient } from "@tanstack/react-query";

import { getErrorMessage } from "@/api/problem";
import { Alert } from "@/components/Alert";
import { Button } from "@/components/Button";
import { downloadJson } from "@/components/download";
import { showToast } from "@/components/toast";
import { CUSTOMERS_KEY, exportCustomer } from "@/staff/features/customers/queries";

/** Downloads all that the shop stores of a customer, who has asked for it. */
export function ExportCustomer({ userId }: { userId: string }) {
  const client = useQueryClient();
  const { mutate, isPending, data, error } = useMutation({
    mutationFn: () => exportCustomer(userId),
    onSuccess: (answer) => {
      if ("exportedAt" in answer) downloadJson(answer, `e-com67-${userId}-${answer.exportedAt.slice(0, 10)}.json`);
      else if (answer.url) window.location.assign(answer.url);
      else return;
      showToast("The file is in your downloads.");
    },
    // Also after an error: the line of the history is written first.
    onSettled: () => client.invalidateQueries({ queryKey: CUSTOMERS_KEY }),
  });
  return (
    <>
      <p className="mb-3 text-muted">A file with all that the shop stores of the customer. Send it to nobody but them.</p>
      <Button variant="secondary" busy={isPending} onClick={() => mutate()}>
        Export their data
      </Button>
      <div aria-live="polite" className="mt-3 empty:hidden">
        {data && "status" in data && data.status === "PREPARING" && (
          <Alert tone="info">There is much to collect. Export again in some minutes to download the file; the customer gets a mail as well.</Alert>
        )}
        {error && <Alert tone="error">{getErrorMessage(error)}</Alert>}
      </div>
    </>
  );
}
