/** What a form of a product says, as the API takes it, and the other way round. */
import { getErrorMessage, getFieldErrors } from "@/api/problem";
import type { FormErrors, FormValues } from "@/components/useForm";
import { parseDollars } from "@/staff/features/products/amounts";
import type { Product, ProductInput } from "@/staff/features/products/types";

const ATTRIBUTE_LINE = /^([^:]+):(.*)$/;
const AMOUNT_MESSAGE = "Enter an amount such as 24.50.";

/** Fields that a form of a product refuses itself. */
export class InvalidProductForm extends Error {
  override readonly name = "InvalidProductForm";
  constructor(readonly errors: FormErrors) {
    super("The form has errors.");
  }
}

/** Returns the product of a form. Throws `InvalidProductForm`. */
export function readProduct(values: FormValues, images: readonly string[]): ProductInput {
  const { name = "", description = "", category = "", brand = "", status } = values;
  const price = parseDollars(values.price ?? "");
  const compareAtPrice = values.compareAtPrice ? parseDollars(values.compareAtPrice) : null;
  const { attributes, wrongLine } = readAttributes(values.attributes ?? "");
  const errors = {
    ...(price ? {} : { price: AMOUNT_MESSAGE }),
    ...(compareAtPrice === undefined ? { compareAtPrice: AMOUNT_MESSAGE } : {}),
    ...(wrongLine ? { attributes: `Write each as “name: value”. This line has no colon: ${wrongLine}` } : {}),
  };
  if (!price || compareAtPrice === undefined || wrongLine) throw new InvalidProductForm(errors);
  return {
    name,
    description,
    category,
    brand,
    price,
    compareAtPrice,
    // The first picture is the one of lists.
    imageUrl: images[0] ?? null,
    images: [...images],
    tags: (values.tags ?? "").split(",").map((tag) => tag.trim()).filter(Boolean),
    attributes,
    status: status === "HIDDEN" ? "HIDDEN" : "ACTIVE",
  };
}

function readAttributes(text: string): { attributes: Record<string, string>; wrongLine?: string } {
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  const wrongLine = lines.find((line) => !ATTRIBUTE_LINE.test(line));
  const attributes = Object.fromEntries(
    lines.map((line) => {
      const [, name = "", value = ""] = ATTRIBUTE_LINE.exec(line) ?? [];
      return [name.trim(), value.trim()];
    }),
  );
  return { attributes, ...(wrongLine === undefined ? {} : { wrongLine }) };
}

export function writeAttributes(attributes: Record<string, string> = {}): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}: ${value.replaceAll("\n", " ")}`)
    .join("\n");
}

/** Returns the pictures of a product, that of lists first. */
export function picturesOf({ imageUrl, images }: Product): string[] {
  return [...new Set([imageUrl, ...images])].filter(Boolean);
}

/** Assigns the errors of the API to the fields of the form: `price.amount` belongs to `price`. */
export function toProductFormErrors(error: unknown): FormErrors {
  if (error instanceof InvalidProductForm) return error.errors;
  const fields = Object.entries(getFieldErrors(error));
  if (fields.length === 0) return { "": getErrorMessage(error) };
  return Object.fromEntries(fields.map(([path, message]) => [path.split(".")[0] ?? "", message]));
}

const FIELD_NAMES: Record<string, string> = {
  name: "name",
  description: "description",
  category: "category",
  brand: "brand",
  price: "price",
  compareAtPrice: "former price",
  imageUrl: "first picture",
  images: "pictures",
  tags: "tags",
  attributes: "details",
  status: "visibility",
};

/** Returns the names of fields for a sentence: "price and former price". */
export function nameFields(fields: readonly string[]): string {
  const names = fields.map((field) => FIELD_NAMES[field] ?? field);
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}` : (names[0] ?? "");
}

/** Returns the fields in which two states of a product differ. */
export function changedFields(before: Product, after: Product): string[] {
  return Object.keys(FIELD_NAMES).filter((field) => {
    const name = field as keyof Product;
    return JSON.stringify(before[name]) !== JSON.stringify(after[name]);
  });
}
