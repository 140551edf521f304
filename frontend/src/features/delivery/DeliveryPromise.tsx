import { useQuery } from "@tanstack/react-query";

import { Icon } from "@/components/Icon";
import { formatMoney } from "@/components/money";
import { Skeleton } from "@/components/Skeleton";
import { formatArrival } from "@/features/delivery/arrival";
import { useDeliveryCountry } from "@/features/delivery/country";
import { CountrySelect } from "@/features/delivery/CountrySelect";
import { deliveryQuoteQuery } from "@/features/delivery/queries";

/** What delivery of a product costs, from when it is free and when it arrives. Nothing where the shop does not answer. */
export default function DeliveryPromise({ productId }: { productId: string }) {
  const country = useDeliveryCountry();
  const { data: quote, isPending, isPlaceholderData } = useQuery(deliveryQuoteQuery({ country }, [{ productId, quantity: 1 }]));
  if (isPending) return <Skeleton className="h-48 sm:h-36" />;
  if (!quote) return null;
  return (
    <div className="space-y-1.5 rounded-control border border-line p-3 text-small" data-delivery>
      <CountrySelect served={quote.countries} />
      <div role="status" aria-busy={isPlaceholderData} className={isPlaceholderData ? "opacity-60" : ""}>
        {quote.refusal ? (
          <p className="flex items-start gap-1.5 font-semibold text-notable">
            <Icon name="warning" className="mt-0.5 size-4 shrink-0" />
            {quote.refusal.message}
          </p>
        ) : (
          <ul className="space-y-1">
            {quote.options.map(({ method, label, price, freeFrom, earliest, latest }) => (
              <li key={method}>
                {label}: <span className="font-semibold">{price.amount === 0 ? "free" : formatMoney(price)}</span>
                {price.amount > 0 && freeFrom && `, free from ${formatMoney(freeFrom)}`}, arrives{" "}
                <span className="font-semibold">{formatArrival({ earliest, latest })}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
