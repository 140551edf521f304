import type { StaffReturn } from "@/api/types";
import { Field } from "@/components/Field";
import { showToast } from "@/components/toast";
import { FormDialog } from "@/staff/components/FormDialog";
import { useReceiveReturn } from "@/staff/features/returns/queries";

interface ReceiveFormProps {
  returned: StaffReturn;
  open: boolean;
  onClose: () => void;
}

/** What came back, by product: to be sold again, or written off. All of it can be sold again at first. */
export function ReceiveForm({ returned, open, onClose }: ReceiveFormProps) {
  const { mutateAsync } = useReceiveReturn(returned.returnId);

  async function send(values: Readonly<Record<string, string>>): Promise<void> {
    await mutateAsync(
      returned.lines.map(({ productId }, index) => ({
        productId,
        restock: Number(values[`restock-${index}`] ?? 0),
        writeOff: Number(values[`writeOff-${index}`] ?? 0),
      })),
    );
    showToast("Received. The refund is under way.");
  }

  return (
    <FormDialog open={open} title="What came back?" action="Receive and refund" onSend={send} onClose={onClose}>
      {(errors) => (
        <>
          <p className="text-muted">Everything that came back is refunded, also what is written off. What is missing is not.</p>
          {returned.lines.map(({ productId, name, quantity }, index) => (
            <fieldset key={productId} className="border-t border-line pt-3">
              <legend className="float-left mb-2 w-full font-semibold">
                {quantity} × {name}
              </legend>
              <div className="clear-both grid grid-cols-2 gap-3">
                <Units label="Sell again" name={`restock-${index}`} most={quantity} initial={quantity} error={errors[`restock-${index}`]} />
                <Units label="Write off" name={`writeOff-${index}`} most={quantity} initial={0} error={errors[`writeOff-${index}`]} />
              </div>
            </fieldset>
          ))}
        </>
      )}
    </FormDialog>
  );
}

interface UnitsProps {
  label: string;
  name: string;
  most: number;
  initial: number;
  error: string | undefined;
}

function Units({ label, name, most, initial, error }: UnitsProps) {
  return <Field label={label} name={name} type="number" inputMode="numeric" min={0} max={most} step={1} required defaultValue={initial} error={error} />;
}
