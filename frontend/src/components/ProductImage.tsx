import { useState } from "react";

import { Icon } from "@/components/Icon";

interface ProductImageProps {
  src: string;
  /** Empty if the product's name is beside it. */
  alt: string;
  /** Above the fold: it is loaded eagerly. */
  priority?: boolean;
  className?: string;
}

/** A square image that reserves its space while it loads, with a placeholder if it fails. */
export function ProductImage({ src, alt, priority = false, className = "" }: ProductImageProps) {
  const [failedSrc, setFailedSrc] = useState<string>();
  const frame = `block aspect-square w-full rounded-sheet bg-sunken ${className}`;
  if (!src || failedSrc === src) {
    return (
      <span role={alt ? "img" : undefined} aria-label={alt || undefined} className={`${frame} !flex items-center justify-center text-muted`}>
        <Icon name="picture" className="size-1/4" />
      </span>
    );
  }
  return (
    <img
      alt={alt}
      width={800}
      height={800}
      loading={priority ? "eager" : "lazy"}
      fetchPriority={priority ? "high" : "auto"}
      decoding="async"
      // After `loading`: attributes are set in this order, and some browsers fetch an image as soon as `src` is set.
      src={src}
      onError={() => setFailedSrc(src)}
      className={`${frame} object-cover`}
    />
  );
}
