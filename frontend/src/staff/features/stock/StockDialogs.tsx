import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { Field, SelectField } from "@/components/Field";
import { showToast } from "@/components/toast";
import { FormDialog } from "@/staff/components/FormDialog";
import { REASONS } from "@/staff/features/stock/labels";
import { type AdjustmentReason, adjustStock, type CountedStock, countStock, STOCK_KEY } from "@/staff/features/stock/queries";

interface StockDialogProps {
  stock: CountedStock;
  open: boolean;
  onClose: () => void;
}

const NOTE = { label: "Note", name: "note", maxLength: 200, autoComplete: "off", hint: "For whoever reads the ledger." };

/** Adds or removes units, with a reason. */
export function AdjustDialog({ stock: { productId, onHand }, open, onClose }: StockDialogProps) {
  const client = useQueryClient();
  // One for each opening of the dialog: sent again after an error, the adjustment is made once.
  const [key, setKey] = useState(() => crypto.randomUUID());

  return (
    <FormDialog
      open={open}
      title="Adjust stock"
      action="Adjust"
      onClose={() => {
        setKey(crypto.randomUUID());
        onClose();
      }}
      onSend={async ({ change = "", direction, reason, note = "" }) => {
        const units = Number(change) * (direction === "remove" ? -1 : 1);
        const { onHand: now } = await adjustStock(productId, { change: units, reason: reason as AdjustmentReason, note }, key);
        await client.invalidateQueries({ queryKey: STOCK_KEY });
        showToast(`There are ${now} units now.`);
      }}
    >
      {(errors) => (
        <>
          <p className="text-muted">There are {onHand} units in the warehouse.</p>
          <div className="grid gap-4 sm:grid-cols-2">
            <SelectField label="What happened" name="direction" defaultValue="add">
              <option value="add">Units came in</option>
              <option value="remove">Units are gone</option>
            </SelectField>
            <Field label="Units" name="change" type="number" min={1} max={1_000_000} step={1} required data-required-message="Enter how many." error={errors.change} />
          </div>
          <SelectField label="Reason" name="reason" required error={errors.reason}>
            {REASONS.map(([code, name]) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </SelectField>
          <Field {...NOTE} error={errors.note} />
        </>
      )}
    </FormDialog>
  );
}

/** Sets the units as they were counted. */
export function CountDialog({ stock: { productId, onHand, available }, open, onClose }: StockDialogProps) {
  const client = useQueryClient();
  return (
    <FormDialog
      open={open}
      title="Count"
      action="Save the count"
      onClose={onClose}
      onSend={async ({ counted = "", note = "" }) => {
        await countStock(productId, Number(counted), note);
        await client.invalidateQueries({ queryKey: STOCK_KEY });
        showToast("The count is saved.");
      }}
    >
      {(errors) => (
        <>
          <p className="text-muted">
            Count everything on the shelf, also the {onHand - available} units that are held for orders being paid right now.
          </p>
          <Field
            label="Units on the shelf"
            name="counted"
            type="number"
            min={0}
            max={1_000_000}
            step={1}
            required
            data-required-message="Enter how many."
            defaultValue={onHand}
            error={errors.counted ?? errors.onHand}
          />
          <Field {...NOTE} error={errors.note} />
        </>
      )}
    </FormDialog>
  );
}
