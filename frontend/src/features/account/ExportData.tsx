import { useMutation } from "@tanstack/react-query";

import { getErrorMessage } from "@/api/problem";
import { Alert } from "@/components/Alert";
import { Button } from "@/components/Button";
import { downloadJson } from "@/components/download";
import { showToast } from "@/components/toast";
import { fetchDataExport } from "@/features/account/queries";

/** Downloads all data that the shop stores about the shopper as a file, which is made in the background if it is large. */
export function ExportData() {
  const { mutate, isPending, data, error } = useMutation({
    mutationFn: fetchDataExport,
    onSuccess: (answer) => {
      if ("exportedAt" in answer) {
        downloadJson(answer, `e-com67-${answer.exportedAt.slice(0, 10)}.json`);
      } else if (answer.url) {
        window.location.assign(answer.url);
      } else {
        return;
      }
      showToast("The file with your data is in your downloads.");
    },
  });
  return (
    <>
      <p className="mb-3 text-muted">A file with all that the shop stores of you: your details, addresses, cart, orders, payments and conversations.</p>
      <Button variant="secondary" busy={isPending} onClick={() => mutate()}>
        Download my data
      </Button>
      <div aria-live="polite" className="mt-4 empty:hidden">
        {data && "status" in data && data.status === "PREPARING" && (
          <Alert tone="info">There is much to collect. We write to you as soon as the file can be had here; it takes some minutes.</Alert>
        )}
        {error && <Alert tone="error">{getErrorMessage(error)}</Alert>}
      </div>
    </>
  );
}
