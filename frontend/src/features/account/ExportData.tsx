import { useMutation } from "@tanstack/react-query";

import { sentenceOf } from "@/api/problem";
import { Button } from "@/components/Button";
import { Notice } from "@/components/Notice";
import { tell } from "@/components/toasts";
import { exported } from "@/features/account/queries";

/** Gives the shopper a file with all that the shop stores of them. */
export function ExportData() {
  const { mutate, isPending, error } = useMutation({
    mutationFn: exported,
    onSuccess: (data) => {
      download(JSON.stringify(data, null, 2), `e-com67-${data.exportedAt.slice(0, 10)}.json`);
      tell("The file with your data is in your downloads.");
    },
  });
  return (
    <>
      <p className="mb-3 text-muted">A file with all that the shop stores of you: your details, addresses, cart and orders.</p>
      <Button look="quiet" busy={isPending} onClick={() => mutate()}>
        Download my data
      </Button>
      {error && (
        <div className="mt-4">
          <Notice tone="wrong">{sentenceOf(error)}</Notice>
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
