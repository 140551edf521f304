import { useId, useState } from "react";

import { getErrorMessage } from "@/api/problem";
import { Alert } from "@/components/Alert";
import { Icon } from "@/components/Icon";
import { ProductImage } from "@/components/ProductImage";
import { Spinner } from "@/components/Spinner";
import { PICTURE_TYPES, PictureRefused, uploadPicture } from "@/staff/features/products/pictures";

interface PictureListProps {
  pictures: readonly string[];
  onChange: (change: (pictures: readonly string[]) => readonly string[]) => void;
}

/** The pictures of a product: dropped or chosen, uploaded at once, put into their order. The first is the one of lists. */
export function PictureList({ pictures, onChange }: PictureListProps) {
  const id = useId();
  const [uploading, setUploading] = useState(0);
  const [refused, setRefused] = useState<readonly string[]>([]);

  async function add(files: readonly File[]): Promise<void> {
    setRefused([]);
    setUploading((count) => count + files.length);
    await Promise.all(
      files.map(async (file) => {
        try {
          const address = await uploadPicture(file);
          onChange((known) => [...known, address]);
        } catch (error) {
          setRefused((known) => [...known, error instanceof PictureRefused ? error.message : getErrorMessage(error)]);
        } finally {
          setUploading((count) => count - 1);
        }
      }),
    );
  }

  return (
    <div className="space-y-3">
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(7rem,1fr))] gap-3">
        {pictures.map((address, index) => (
          <li key={address} className="space-y-1">
            <ProductImage src={address} alt={`Picture ${index + 1}`} />
            <div className="flex items-center justify-between gap-1 text-small">
              {index === 0 ? (
                <span className="text-muted">In lists</span>
              ) : (
                <button type="button" className="link min-h-7" onClick={() => onChange((known) => [address, ...known.filter((each) => each !== address)])}>
                  Put first
                </button>
              )}
              <button
                type="button"
                aria-label={`Remove picture ${index + 1}`}
                title="Remove"
                className="rounded-small p-1.5 text-muted hover:bg-sunken hover:text-ink"
                onClick={() => onChange((known) => known.filter((each) => each !== address))}
              >
                <Icon name="close" className="size-4" />
              </button>
            </div>
          </li>
        ))}
        <li>
          <label
            htmlFor={id}
            className="relative flex aspect-square flex-col items-center justify-center gap-1 rounded-sheet border border-dashed border-edge text-center text-small text-muted focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-action hover:bg-sunken hover:text-ink"
          >
            {uploading > 0 ? <Spinner /> : <Icon name="plus" />}
            <span role="status">{uploading > 0 ? `Uploading ${uploading}…` : "Add pictures"}</span>
            <input
              id={id}
              aria-label="Add pictures"
              type="file"
              multiple
              accept={PICTURE_TYPES.join()}
              // Over the whole tile: files may be dropped on it.
              className="absolute inset-0 cursor-pointer opacity-0"
              onChange={({ currentTarget }) => {
                void add([...(currentTarget.files ?? [])]);
                currentTarget.value = "";
              }}
            />
          </label>
        </li>
      </ul>
      {refused.map((message) => (
        <Alert key={message} tone="error">
          {message}
        </Alert>
      ))}
    </div>
  );
}
