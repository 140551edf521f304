import { Button } from "@/components/Button";
import { tell } from "@/components/toasts";
import { useCartChange } from "@/features/cart/cart";
import type { Addable } from "@/features/cart/changes";

interface AddToCartProps {
  product: Addable;
  quantity?: number;
  /** It cannot be had at the moment. */
  soldOut?: boolean;
  wide?: boolean;
  look?: "primary" | "quiet";
}

export function AddToCart({ product, quantity = 1, soldOut = false, wide = false, look = "primary" }: AddToCartProps) {
  const { mutate, isPending } = useCartChange();
  return (
    <Button
      look={look}
      wide={wide}
      busy={isPending}
      disabled={soldOut}
      onClick={() =>
        mutate(
          { kind: "add", product, quantity },
          { onSuccess: () => tell(`${product.name} is in your cart.`, { action: { label: "View cart", to: "/cart" } }) },
        )
      }
    >
      {soldOut ? "Sold out" : "Add to cart"}
    </Button>
  );
}
