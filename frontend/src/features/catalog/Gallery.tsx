import { useState } from "react";

import { Picture } from "@/components/Picture";

/** The pictures of a product: one large, the others to choose. A picture that is the only one has all the place. */
export function Gallery({ name, images }: { name: string; images: readonly string[] }) {
  const [chosen, setChosen] = useState(0);
  const shown = images[chosen] ?? images[0] ?? "";
  const large = <Picture src={shown} alt={chosen === 0 ? name : `${name}, view ${chosen + 1}`} first />;
  if (images.length < 2) return large;
  return (
    <div className="md:grid md:grid-cols-[4.5rem_1fr] md:gap-4">
      <div className="md:order-last">{large}</div>
      <ul aria-label="Pictures" className="mt-3 flex gap-3 md:mt-0 md:flex-col">
        {images.map((image, index) => (
          <li key={image} className="w-18 md:w-auto">
            <button
              type="button"
              aria-label={`Picture ${index + 1} of ${images.length}`}
              aria-pressed={index === chosen}
              onClick={() => setChosen(index)}
              className="block w-full rounded-sheet border-2 border-transparent p-0.5 hover:border-line aria-pressed:border-action"
            >
              <Picture src={image} alt="" className="rounded-control" />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
