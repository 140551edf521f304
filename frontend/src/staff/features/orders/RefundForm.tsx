import { useState } from "react";

import type { StaffOrder, StaffRefund } from "@/api/types";
import { Checkbox, Field, SelectField } from "@/components/Field";
import { formatMoney } from "@/components/money";
import { showToast } from "@/components/toast";
import { ConfirmDialog } from "@/staff/components/ConfirmDialog";
import { FormDialog } from "@/staff/components/FormDialog";
import { TextAreaField } from "@/staff/components/TextAreaField";
import { type Units, useRefund } from "@/staff/features/orders/queries";
import { readUnits, UnitFields } from "@/staff/features/orders/UnitFields";
import { parseDollars } from "@/staff/features/products/amounts";

const REASONS: readonly (readonly [StaffRefund["reason"], string])[] = [
  ["RETURNED", "The goods came back"],
  ["DAMAGED", "The goods were damaged"],
  ["WRONG_ITEM", "Something else was sent"],
  ["NOT_RECEIVED", "The parcel did not arrive"],
  ["WITHDRAWN", "The shopper withdrew from the contract"],
  ["PRICE_ADJUSTMENT", "The price is corrected"],
  ["GOODWILL", "A gesture of goodwill"],
  ["OTHER", "Another reason"],
];

export const REASON_LABELS = Object.fromEntries(REASONS);

interface RefundFormProps {
  order: StaffOrder;
  open: boolean;
  onClose: () => void;
}

/** A refund by lines, by amount, or after one more question of all that is left. */
export function RefundForm({ order, open, onClose }: RefundFormProps) {
  const { mutateAsync: refund } = useRefund(order.orderId);
  // A second click, and a repetition after an error of the network, are the same refund; another one has another key.
  const [key, setKey] = useState(() => crypto.randomUUID());
  const [refundOfAll, setRefundOfAll] = useState<StaffRefund>();
  const units = refundableUnits(order);
  const all = formatMoney(order.refundable);

  async function send(wanted: StaffRefund): Promise<void> {
    await refund({ key, refund: wanted });
    setKey(crypto.randomUUID());
    showToast("The refund is under way.");
  }

  return (
    <>
      <FormDialog
        open={open}
        title={`Refund, at most ${all}`}
        action="Refund"
        danger
        onClose={onClose}
        onSend={async (values) => {
          const amount = parseDollars(values.amount ?? "") ?? null;
          const lines = readUnits(units, values);
          const reason = REASONS.find(([code]) => code === values.reason)?.[0] ?? "OTHER";
          const wanted = { amount, lines, reason, expectedStatus: order.status, note: values.note === "" ? null : (values.note ?? null), ...(values.unsent && lines.length > 0 && { unsent: true }) };
          if (amount || lines.length > 0) await send(wanted);
          // After this dialog has closed itself.
          else setTimeout(() => setRefundOfAll(wanted));
        }}
      >
        {(errors) => (
          <>
            <p className="text-muted">Choose lines, or type an amount. Without either, all that is left goes back to the card.</p>
            <UnitFields order={order} units={units} all={false} errors={errors} />
            {order.unitsToSend.length > 0 && <Checkbox name="unsent" label="These lines are refunded instead of being sent" />}
            <Field label="Amount in dollars" name="amount" inputMode="decimal" pattern="\$?\s*\d{1,6}([.,]\d{1,2})?" autoComplete="off" hint="Empty for the price of the lines, with its tax." error={errors.amount} />
            <SelectField label="Reason" name="reason" required defaultValue="RETURNED" error={errors.reason}>
              {REASONS.map(([code, label]) => (
                <option key={code} value={code}>
                  {label}
                </option>
              ))}
            </SelectField>
            <TextAreaField label="Note" name="note" rows={2} maxLength={500} hint="For staff alone." error={errors.note} />
          </>
        )}
      </FormDialog>
      <ConfirmDialog
        open={refundOfAll !== undefined}
        title={`Refund all that is left, ${all}?`}
        action={`Refund ${all}`}
        danger
        onConfirm={async () => {
          if (refundOfAll) await send(refundOfAll);
        }}
        onClose={() => setRefundOfAll(undefined)}
      >
        <p>You chose no lines and typed no amount. {all} goes back to the card. This cannot be undone.</p>
      </ConfirmDialog>
    </>
  );
}

/** Returns the units that were bought and not refunded by line yet. */
function refundableUnits({ lines, refundRequests }: StaffOrder): Units[] {
  const refunded = refundRequests.filter(({ failureCode }) => !failureCode).flatMap((request) => request.lines);
  return lines
    .map(({ productId, quantity }) => ({
      productId,
      quantity: quantity - refunded.filter((line) => line.productId === productId).reduce((sum, line) => sum + line.quantity, 0),
    }))
    .filter(({ quantity }) => quantity > 0);
}
