import { useState } from "react";

import { Icon } from "@/components/Icon";

interface PictureProps {
  src: string;
  /** Empty where the name of the thing stands beside it. */
  alt: string;
  /** Among the first that are seen: it is loaded at once. */
  first?: boolean;
  className?: string;
}

/** A square picture that keeps its place while it loads, and a quiet stand-in where it cannot be had. */
export function Picture({ src, alt, first = false, className = "" }: PictureProps) {
  const [failed, setFailed] = useState<string>();
  const frame = `block aspect-square w-full rounded-sheet bg-sunken ${className}`;
  if (!src || failed === src) {
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
      loading={first ? "eager" : "lazy"}
      fetchPriority={first ? "high" : "auto"}
      decoding="async"
      // After `loading`: in this order it is set, and some browsers fetch a picture as soon as they know from where.
      src={src}
      onError={() => setFailed(src)}
      className={`${frame} object-cover`}
    />
  );
}
