import { useMutation } from "@tanstack/react-query";

import { getErrorMessage } from "@/api/problem";
import { Alert } from "@/components/Alert";
import { Button } from "@/components/Button";
import { showToast } from "@/components/toast";
import { fetchDataExport } from "@/features/account/queries";

/** Downloads all data that the shop stores about the shopper as a file. */
export function ExportData() {
  const { mutate, isPending, error } = useMutation({
    mutationFn: fetchDataExport,
    onSuccess: (data) => {
      download(JSON.stringify(data, null, 2), `e-com67-${data.exportedAt.slice(0, 10)}.json`);
      showToast("The file with your data is in your downloads.");
    },
  });
  return (
    <>
      <p className="mb-3 text-muted">A file with all that the shop stores of you: your details, addresses, cart and orders.</p>
      <Button variant="secondary" busy={isPending} onClick={() => mutate()}>
        Download my data
      </Button>
      {error && (
        <div className="mt-4">
          <Alert tone="error">{getErrorMessage(error)}</Alert>
        </div>
      )}
    </>
  );
}

function download(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
