import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";

import { Checkbox, Field } from "@/components/Field";
import { FormError } from "@/components/FormError";
import { Panel } from "@/components/Panel";
import { useForm } from "@/components/useForm";
import { categoriesQuery } from "@/features/catalog/queries";
import { Columns } from "@/staff/components/ConsolePage";
import { TextAreaField } from "@/staff/components/TextAreaField";
import { toDollars } from "@/staff/features/products/amounts";
import { PictureList } from "@/staff/features/products/PictureList";
import { picturesOf, readProduct, toProductFormErrors, writeAttributes } from "@/staff/features/products/productForm";
import type { Product, ProductInput } from "@/staff/features/products/types";

interface ProductFormProps {
  id: string;
  /** What the fields begin with; undefined for a new product. */
  product?: Product | undefined;
  onSend: (product: ProductInput, stock: number | undefined) => Promise<void>;
  onBusy: (busy: boolean) => void;
  /** Above the fields. */
  notice?: ReactNode;
  /** Beside the fields. */
  side?: ReactNode;
}

/** All fields of a product. The button that sends it is in the page's title. */
export function ProductForm({ id, product, onSend, onBusy, notice, side }: ProductFormProps) {
  const [pictures, setPictures] = useState<readonly string[]>(product ? picturesOf(product) : []);
  const { data: categories = [] } = useQuery(categoriesQuery);
  const categoryList = useId();
  const { errors, form } = useForm(async (values) => {
    onBusy(true);
    try {
      const read = readProduct({ ...values, status: values.visible ? "ACTIVE" : "HIDDEN" }, pictures);
      // Pictures that nobody has touched stay as they are stored: else each saving would be a change of them.
      const isUntouched = product !== undefined && picturesOf(product).join() === pictures.join();
      const kept = isUntouched ? { imageUrl: product.imageUrl || null, images: product.images } : {};
      await onSend({ ...read, ...kept }, values.stock ? Number(values.stock) : undefined);
    } finally {
      onBusy(false);
    }
  }, toProductFormErrors);

  return (
    <form {...form} id={id}>
      <Columns
        main={
          <>
            {notice}
            <FormError text={errors[""] ?? errors.images ?? errors.imageUrl} />
            <Panel title="What it is">
              <div className="space-y-4">
                <Field label="Name" name="name" required maxLength={200} data-required-message="Enter a name." defaultValue={product?.name} error={errors.name} />
                <TextAreaField label="Description" name="description" rows={7} maxLength={5000} defaultValue={product?.description} error={errors.description} />
                <div className="grid gap-4 sm:grid-cols-2">
                  <Field
                    label="Category"
                    name="category"
                    required
                    list={categoryList}
                    autoComplete="off"
                    data-required-message="Choose a category, or name a new one."
                    defaultValue={product?.category}
                    error={errors.category}
                  />
                  <datalist id={categoryList}>
                    {categories.map(({ category, name }) => (
                      <option key={category} value={category}>
                        {name}
                      </option>
                    ))}
                  </datalist>
                  <Field label="Brand" name="brand" maxLength={100} defaultValue={product?.brand} error={errors.brand} />
                </div>
              </div>
            </Panel>
            <Panel title="Pictures">
              <PictureList pictures={pictures} onChange={setPictures} />
            </Panel>
            <Panel title="Details">
              <div className="space-y-4">
                <TextAreaField
                  label="Attributes"
                  name="attributes"
                  hint="One a line, such as “Material: oak”."
                  rows={5}
                  defaultValue={writeAttributes(product?.attributes)}
                  error={errors.attributes}
                />
                <Field label="Tags" name="tags" hint="Separated by commas." defaultValue={product?.tags.join(", ")} error={errors.tags} />
              </div>
            </Panel>
          </>
        }
        side={
          <>
            <Panel title="In the shop">
              <Checkbox label="Shoppers see it" name="visible" defaultChecked={product?.status !== "HIDDEN"} />
            </Panel>
            <Panel title="Price">
              <div className="space-y-4">
                <Field
                  label="Price in USD"
                  name="price"
                  inputMode="decimal"
                  autoComplete="off"
                  required
                  data-required-message="Enter a price."
                  defaultValue={toDollars(product?.price)}
                  error={errors.price}
                />
                <Field
                  label="Former price"
                  name="compareAtPrice"
                  hint="Struck through; higher than the price."
                  inputMode="decimal"
                  autoComplete="off"
                  defaultValue={toDollars(product?.compareAtPrice)}
                  error={errors.compareAtPrice}
                />
                {!product && (
                  <Field label="Units in stock" name="stock" type="number" min={0} max={1_000_000} step={1} defaultValue="0" error={errors.initialStock ?? errors.stock} />
                )}
              </div>
            </Panel>
            {side}
          </>
        }
      />
    </form>
  );
}
