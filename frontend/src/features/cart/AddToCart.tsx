import { Button } from "@/components/Button";
import { showToast } from "@/components/toast";
import type { AddableProduct } from "@/features/cart/changes";
import { useUpdateCart } from "@/features/cart/useCart";

interface AddToCartProps {
  product: AddableProduct;
  quantity?: number;
  soldOut?: boolean;
  fullWidth?: boolean;
}

export function AddToCart({ product, quantity = 1, soldOut = false, fullWidth = false }: AddToCartProps) {
  const { mutate, isPending } = useUpdateCart();
  return (
    <Button
      fullWidth={fullWidth}
      busy={isPending}
      disabled={soldOut}
      onClick={() =>
        mutate(
          { kind: "add", product, quantity },
          { onSuccess: () => showToast(`${product.name} is in your cart.`, { action: { label: "View cart", to: "/cart" } }) },
        )
      }
    >
      {soldOut ? "Sold out" : "Add to cart"}
    </Button>
  );
}
