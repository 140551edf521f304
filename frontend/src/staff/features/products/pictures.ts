/** Pictures that staff uploads: made smaller in the browser, then sent straight into the shop's bucket. */
import { authenticatedApi, unwrap } from "@/api/client";
import { Unreachable } from "@/api/problem";
import type { PictureType } from "@/staff/features/products/types";

/** The largest side of a picture that the shop shows, on a screen with two pixels for each. */
const MAX_SIDE = 1600;
const QUALITY = 0.86;
export const PICTURE_TYPES: readonly PictureType[] = ["image/jpeg", "image/png", "image/webp", "image/avif", "image/gif"];

/** A file that cannot be shown in the shop; the message says why. */
export class PictureRefused extends Error {
  override readonly name = "PictureRefused";
}

/** Uploads a picture and returns its address in the shop. Throws `PictureRefused`, `Problem` or `Unreachable`. */
export async function uploadPicture(file: File): Promise<string> {
  if (!PICTURE_TYPES.some((type) => type === file.type)) throw new PictureRefused(`${file.name} is no JPEG, PNG, WebP, AVIF or GIF.`);
  const picture = await makeSmaller(file);
  const form = await unwrap(authenticatedApi.POST("/api/products/images", { body: { contentType: picture.type as PictureType } }));
  if (picture.size > form.maxBytes) throw new PictureRefused(`${file.name} has more than ${Math.floor(form.maxBytes / 1024 ** 2)} MB.`);
  const body = new FormData();
  Object.entries(form.fields).forEach(([name, value]) => body.append(name, value));
  // S3 reads no field after the file.
  body.append("file", picture);
  const response = await fetch(form.url, { method: "POST", body }).catch((error: unknown) => {
    throw new Unreachable(error);
  });
  if (!response.ok) throw new PictureRefused(`${file.name} was not accepted. Try another picture.`);
  return form.imageUrl;
}

/** Returns a picture as the shop needs it: not larger than shown, and without what cameras write into it, such as the place. */
async function makeSmaller(file: File): Promise<Blob> {
  // An animation would lose all but its first picture.
  if (file.type === "image/gif") return file;
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, MAX_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return (await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/webp", QUALITY))) ?? file;
  } catch {
    throw new PictureRefused(`${file.name} is no picture that can be read.`);
  }
}
