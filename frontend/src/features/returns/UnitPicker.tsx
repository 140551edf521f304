import { useId, useState } from "react";

import type { ReturnsOfOrder } from "@/api/types";
import { FormError } from "@/components/FormError";
import { Price } from "@/components/Price";
import { Button } from "@/components/Button";
import { QuantityStepper } from "@/components/QuantityStepper";
import { getErrorMessage } from "@/api/problem";
import type { Declaration } from "@/features/returns/WithdrawalSteps";

type Line = ReturnsOfOrder["returnable"][number];

interface UnitPickerProps {
  lines: readonly Line[];
  orderNumber: string | undefined;
  /** Names the order in the request. */
  order: Declaration["request"];
  declare: (declaration: Declaration) => Promise<void>;
}

/** Chooses what a shopper gives up: all of it at first. */
export function UnitPicker({ lines, orderNumber, order, declare }: UnitPickerProps) {
  const [units, setUnits] = useState<Readonly<Record<string, number>>>(() => Object.fromEntries(lines.map(({ productId, quantity }) => [productId, quantity])));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const legend = useId();
  const chosen = lines.flatMap((line) => {
    const quantity = units[line.productId] ?? 0;
    return quantity > 0 ? [{ ...line, quantity }] : [];
  });
  const isAll = lines.every(({ productId, quantity }) => units[productId] === quantity);

  async function submit(): Promise<void> {
    if (chosen.length === 0) {
      setError("Choose at least one thing.");
      return;
    }
    setBusy(true);
    setError("");
    try {
      await declare({
        request: isAll ? order : { ...order, lines: chosen.map(({ productId, quantity }) => ({ productId, quantity })) },
        summary: <Summary orderNumber={orderNumber} lines={chosen} />,
      });
    } catch (failure) {
      setError(getErrorMessage(failure));
      setBusy(false);
    }
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void submit();
      }}
      className="space-y-5"
    >
      <fieldset aria-labelledby={legend}>
        <legend id={legend} className="mb-3 font-semibold">
          What do you give up?
        </legend>
        <ul className="divide-y divide-line">
          {lines.map(({ productId, name, quantity, unitPrice }) => {
            const wanted = units[productId] ?? 0;
            return (
              <li key={productId} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3">
                <label className="flex min-h-11 min-w-0 flex-1 items-center gap-3">
                  <input
                    type="checkbox"
                    className="size-4.5 shrink-0"
                    checked={wanted > 0}
                    onChange={({ target }) => {
                      setError("");
                      setUnits({ ...units, [productId]: target.checked ? quantity : 0 });
                    }}
                  />
                  <span className="min-w-0">
                    {name}
                    <span className="block text-small text-muted">
                      {quantity} × <Price price={unitPrice} />
                    </span>
                  </span>
                </label>
                {wanted > 0 && quantity > 1 && (
                  <QuantityStepper name={name} value={wanted} max={quantity} onChange={(next) => setUnits({ ...units, [productId]: next })} />
                )}
              </li>
            );
          })}
        </ul>
      </fieldset>
      <FormError text={error} />
      <Button type="submit" busy={busy}>
        Go on
      </Button>
    </form>
  );
}

/** What is about to be confirmed. */
export function Summary({ orderNumber, lines }: { orderNumber: string | undefined; lines: readonly Pick<Line, "productId" | "name" | "quantity">[] }) {
  return (
    <>
      {orderNumber && (
        <p className="mb-2">
          Order <span className="font-semibold">{orderNumber}</span>
        </p>
      )}
      <ul>
        {lines.map(({ productId, name, quantity }) => (
          <li key={productId}>
            {quantity} × {name}
          </li>
        ))}
      </ul>
    </>
  );
}
