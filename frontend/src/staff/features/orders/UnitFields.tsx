import type { StaffOrder } from "@/api/types";
import { Field } from "@/components/Field";
import type { FormErrors, FormValues } from "@/components/useForm";
import type { Units } from "@/staff/features/orders/queries";

interface UnitFieldsProps {
  order: StaffOrder;
  /** The products to choose from, with the most units of each. */
  units: readonly Units[];
  /** Whether all units are chosen at first. */
  all: boolean;
  errors: FormErrors;
}

/** How many units of each product. */
export function UnitFields({ order, units, all, errors }: UnitFieldsProps) {
  return (
    <>
      {units.map(({ productId, quantity }, index) => (
        <Field
          key={productId}
          label={`${nameOf(order, productId)} (at most ${quantity})`}
          name={`units-${index}`}
          type="number"
          inputMode="numeric"
          min={0}
          max={quantity}
          step={1}
          required
          defaultValue={all ? quantity : 0}
          error={errors[`units-${index}`]}
        />
      ))}
    </>
  );
}

/** Returns the units that the fields say, without those of which none is chosen. */
export function readUnits(units: readonly Units[], values: FormValues): Units[] {
  return units.map(({ productId }, index) => ({ productId, quantity: Number(values[`units-${index}`] ?? 0) })).filter(({ quantity }) => quantity > 0);
}

export function nameOf(order: StaffOrder, productId: string): string {
  return order.lines.find((line) => line.productId === productId)?.name ?? productId;
}
