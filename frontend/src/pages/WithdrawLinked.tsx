import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";

import { Page } from "@/components/Page";
import { path } from "@/components/path";
import { linkedOrderQuery } from "@/features/returns/queries";
import { WithdrawFromKnownOrder } from "@/features/returns/WithdrawFromKnownOrder";

export function Component() {
  const { token = "" } = useParams();
  const { data: order } = useQuery(linkedOrderQuery(token));
  return (
    <Page title="Withdraw from the contract" className="wrap max-w-3xl pt-6 pb-16 md:pt-10">
      <p className="mb-2">
        <Link to={path`/o/${token}`} className="link">
          Your order
        </Link>
      </p>
      <h1 className="mb-6">Withdraw from the contract</h1>
      <WithdrawFromKnownOrder access={{ token }} orderNumber={order?.orderNumber} order={{ token }} back={path`/o/${token}`} />
    </Page>
  );
}
