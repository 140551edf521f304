/** A product in a row: its picture and its name. */
export function Thumbnail({ name, imageUrl }: { name: string; imageUrl: string }) {
  return (
    <span className="flex items-center gap-3">
      {imageUrl ? (
        <img src={imageUrl} alt="" loading="lazy" width={32} height={32} className="size-8 shrink-0 rounded-small bg-sunken object-cover" />
      ) : (
        <span className="size-8 shrink-0 rounded-small bg-sunken" />
      )}
      <span className="truncate">{name}</span>
    </span>
  );
}
