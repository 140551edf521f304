import { useLayoutEffect, useRef, useState } from "react";

import { Button } from "@/components/Button";
import { CartRow, type CartViewLine } from "@/features/cart/CartRow";
import { useUpdateCart } from "@/features/cart/useCart";

interface RemovedLine {
  line: CartViewLine;
  /** Its position among the lines: the undo button takes its place. */
  index: number;
}

/** The lines of the cart. A removed line leaves an undo button in its place until the page is left. */
export function CartLines({ lines }: { lines: readonly CartViewLine[] }) {
  const { mutate } = useUpdateCart();
  const [removed, setRemoved] = useState<readonly RemovedLine[]>([]);
  const list = useRef<HTMLUListElement>(null);
  const focusSelector = useRef<string>(undefined);

  // The focused element is removed: the focus moves to its replacement once that is rendered.
  useLayoutEffect(() => {
    const target = focusSelector.current && list.current?.querySelector<HTMLElement>(focusSelector.current);
    if (!target) return;
    focusSelector.current = undefined;
    target.focus();
  });

  function remove(line: CartViewLine, index: number): void {
    setRemoved([...removed.filter((other) => other.line.productId !== line.productId), { line, index }]);
    focusSelector.current = `[data-undo="${CSS.escape(line.productId)}"]`;
    mutate({ kind: "remove", productId: line.productId });
  }

  function undo({ line }: RemovedLine): void {
    const { productId, name, imageUrl, unitPrice, quantity } = line;
    setRemoved(removed.filter((other) => other.line.productId !== productId));
    focusSelector.current = `[data-line="${CSS.escape(productId)}"]`;
    mutate({ kind: "add", product: { productId, name, imageUrl, price: unitPrice }, quantity });
  }

  const shown = new Set(lines.map(({ productId }) => productId));
  const rows: { key: string; line?: CartViewLine; removedLine?: RemovedLine }[] = lines.map((line) => ({ key: line.productId, line }));
  for (const removedLine of removed.filter(({ line }) => !shown.has(line.productId)).sort((a, b) => a.index - b.index)) {
    rows.splice(removedLine.index, 0, { key: removedLine.line.productId, removedLine });
  }
  return (
    <ul ref={list} className={rows.length > 0 ? "divide-y divide-line border-y border-line" : ""}>
      {rows.map(({ key, line, removedLine }, index) => (
        <li key={key}>
          {line && <CartRow line={line} onChange={(change) => mutate(change)} onRemove={() => remove(line, index)} />}
          {removedLine && (
            <p className="flex flex-wrap items-center justify-between gap-3 py-4 text-muted">
              <span role="status">{removedLine.line.name} was removed.</span>
              <Button variant="secondary" data-undo={key} aria-label={`Undo: put ${removedLine.line.name} back`} onClick={() => undo(removedLine)}>
                Undo
              </Button>
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
