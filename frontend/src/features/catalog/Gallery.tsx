import { useState } from "react";

import { ProductImage } from "@/components/ProductImage";

/** The images of a product: a large one, and thumbnails to select another. */
export function Gallery({ name, images }: { name: string; images: readonly string[] }) {
  const [selectedIndex, setSelectedIndex] = useState(0);
  const src = images[selectedIndex] ?? images[0] ?? "";
  const large = <ProductImage src={src} alt={selectedIndex === 0 ? name : `${name}, view ${selectedIndex + 1}`} priority />;
  if (images.length < 2) return large;
  return (
    <div className="md:grid md:grid-cols-[4.5rem_1fr] md:gap-4">
      <div className="md:order-last">{large}</div>
      <ul aria-label="Pictures" className="mt-3 flex flex-wrap gap-3 md:mt-0 md:flex-col md:flex-nowrap">
        {images.map((image, index) => (
          <li key={image} className="w-18 md:w-auto">
            <button
              type="button"
              aria-label={`Picture ${index + 1} of ${images.length}`}
              aria-pressed={index === selectedIndex}
              onClick={() => setSelectedIndex(index)}
              className="block w-full rounded-sheet border-2 border-transparent p-0.5 hover:border-line aria-pressed:border-action"
            >
              <ProductImage src={image} alt="" className="rounded-control" />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
