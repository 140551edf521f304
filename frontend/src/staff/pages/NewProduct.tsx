import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";

import { Button } from "@/components/Button";
import { path } from "@/components/path";
import { showToast } from "@/components/toast";
import { ConsolePage } from "@/staff/components/ConsolePage";
import { ProductForm } from "@/staff/features/products/ProductForm";
import { createProduct, PRODUCTS_KEY } from "@/staff/features/products/queries";

const FORM = "new-product";

export function Component() {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  return (
    <ConsolePage
      title="New product"
      back={{ to: "/products", title: "Products" }}
      actions={
        <Button type="submit" form={FORM} busy={busy}>
          Create
        </Button>
      }
    >
      <ProductForm
        id={FORM}
        onBusy={setBusy}
        onSend={async (product, initialStock) => {
          const { productId, name } = await createProduct({ ...product, ...(initialStock === undefined ? {} : { initialStock }) });
          await client.invalidateQueries({ queryKey: PRODUCTS_KEY });
          showToast(`${name} is in the shop.`);
          await navigate(path`/products/${productId}`, { replace: true });
        }}
      />
    </ConsolePage>
  );
}
