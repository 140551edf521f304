import { useLayoutEffect, useRef, useState } from "react";

import { Button } from "@/components/Button";
import { useCartChange } from "@/features/cart/cart";
import { CartRow, type ShownLine } from "@/features/cart/CartRow";

interface Removed {
  line: ShownLine;
  /** Its place among the lines, so that the way back stands where it was. */
  index: number;
}

/** The lines of the cart. A line that is removed leaves a way back in its place until the page is left. */
export function CartLines({ lines }: { lines: readonly ShownLine[] }) {
  const { mutate } = useCartChange();
  const [removed, setRemoved] = useState<readonly Removed[]>([]);
  const list = useRef<HTMLUListElement>(null);
  const awaited = useRef<string>(undefined);

  // What was focused goes from the page: the focus goes to what comes instead, once it is there.
  useLayoutEffect(() => {
    const come = awaited.current && list.current?.querySelector<HTMLElement>(awaited.current);
    if (!come) return;
    awaited.current = undefined;
    come.focus();
  });

  function remove(line: ShownLine, index: number): void {
    setRemoved([...removed.filter((other) => other.line.productId !== line.productId), { line, index }]);
    awaited.current = `[data-undo="${CSS.escape(line.productId)}"]`;
    mutate({ kind: "remove", productId: line.productId });
  }

  function takeBack({ line }: Removed): void {
    const { productId, name, imageUrl, unitPrice, quantity } = line;
    setRemoved(removed.filter((other) => other.line.productId !== productId));
    awaited.current = `[data-line="${CSS.escape(productId)}"]`;
    mutate({ kind: "add", product: { productId, name, imageUrl, price: unitPrice }, quantity });
  }

  const shown = new Set(lines.map(({ productId }) => productId));
  const rows: { key: string; line?: ShownLine; gone?: Removed }[] = lines.map((line) => ({ key: line.productId, line }));
  for (const gone of removed.filter(({ line }) => !shown.has(line.productId)).sort((a, b) => a.index - b.index)) {
    rows.splice(gone.index, 0, { key: gone.line.productId, gone });
  }
  return (
    <ul ref={list} className={rows.length > 0 ? "divide-y divide-line border-y border-line" : ""}>
      {rows.map(({ key, line, gone }, index) => (
        <li key={key}>
          {line && <CartRow line={line} onChange={(change) => mutate(change)} onRemove={() => remove(line, index)} />}
          {gone && (
            <p className="flex flex-wrap items-center justify-between gap-3 py-4 text-muted">
              <span role="status">{gone.line.name} was removed.</span>
              <Button look="quiet" data-undo={key} aria-label={`Undo: put ${gone.line.name} back`} onClick={() => takeBack(gone)}>
                Undo
              </Button>
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
