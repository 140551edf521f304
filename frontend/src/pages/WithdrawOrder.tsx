import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";

import { Page } from "@/components/Page";
import { path } from "@/components/path";
import { useSession } from "@/features/auth/session";
import { orderQuery } from "@/features/orders/queries";
import { WithdrawFromKnownOrder } from "@/features/returns/WithdrawFromKnownOrder";

export function Component() {
  const { orderId = "" } = useParams();
  const session = useSession();
  const { data: order } = useQuery(orderQuery(orderId));
  const email = session.status === "signedIn" ? session.email : "";
  return (
    <Page title="Withdraw from the contract" className="wrap max-w-3xl pt-6 pb-16 md:pt-10">
      <p className="mb-2">
        <Link to={path`/orders/${orderId}`} className="link">
          Your order
        </Link>
      </p>
      <h1 className="mb-6">Withdraw from the contract</h1>
      <WithdrawFromKnownOrder access={{ orderId }} orderNumber={order?.orderNumber} order={{ orderId, email }} back={path`/orders/${orderId}`} />
    </Page>
  );
}
