import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";

import { Problem } from "@/api/problem";
import { ButtonLink } from "@/components/Button";
import { formatDate, formatDateTime } from "@/components/dates";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Panel } from "@/components/Panel";
import { Loading, Skeleton } from "@/components/Skeleton";
import { Badge } from "@/staff/components/Badge";
import { Columns, ConsolePage } from "@/staff/components/ConsolePage";
import { Facts } from "@/staff/components/Facts";
import { CustomerOrders } from "@/staff/features/customers/CustomerOrders";
import { EraseCustomer } from "@/staff/features/customers/EraseCustomer";
import { ExportCustomer } from "@/staff/features/customers/ExportCustomer";
import { type CustomerDetails, customerQuery } from "@/staff/features/customers/queries";
import { StaffName } from "@/staff/features/people/StaffName";

const BACK = { to: "/customers", title: "Customers" };
const DONE: Record<CustomerDetails["actions"][number]["action"], string> = { EXPORT: "exported their data", ERASURE: "erased them" };

export function Component() {
  const { userId = "" } = useParams();
  const { data: customer, error, isPending, isFetching, refetch } = useQuery(customerQuery(userId));
  if (customer) return <Details customer={customer} />;
  return (
    <ConsolePage title="Customer" back={BACK}>
      {isPending ? (
        <Loading subject="the customer" className="space-y-4">
          <Skeleton className="h-40" />
        </Loading>
      ) : error instanceof Problem && error.status === 404 ? (
        <EmptyState title="There is no such customer" action={<ButtonLink to="/customers">All customers</ButtonLink>}>
          The address of this page may be cut short.
        </EmptyState>
      ) : (
        <ErrorState subject="The customer" error={error} onRetry={refetch} busy={isFetching} />
      )}
    </ConsolePage>
  );
}

function Details({ customer }: { customer: CustomerDetails }) {
  const { userId, status, email, name, phone, registeredAt } = customer;
  const isErased = status === "ERASED";
  return (
    <ConsolePage title={name ?? email ?? (isErased ? "Erased customer" : "Customer")} back={BACK} aside={isErased && <Badge>Erased</Badge>}>
      <Columns
        main={
          <>
            <Panel title="Account">
              <Facts
                facts={[
                  ["E-mail", email && <span className="wrap-anywhere">{email}</span>],
                  ["Name", name],
                  ["Telephone", phone],
                  ["Customer since", registeredAt && formatDate(registeredAt)],
                  ["Id", <code key="id" className="text-small wrap-anywhere">{userId}</code>],
                ]}
              />
              {isErased && <p className="mt-3 text-muted">Nothing else is left of this customer. The figures of their orders and invoices stay.</p>}
            </Panel>
            {email && <CustomerOrders userId={userId} email={email} />}
            <History customer={customer} />
          </>
        }
        side={
          !isErased && (
            <>
              <Panel title="Export">
                <ExportCustomer userId={userId} />
              </Panel>
              <Panel title="Erasure">
                <EraseCustomer userId={userId} email={email} />
              </Panel>
            </>
          )
        }
      />
    </ConsolePage>
  );
}

function History({ customer: { actions } }: { customer: CustomerDetails }) {
  if (actions.length === 0) return null;
  return (
    <Panel title="What staff did on request">
      <ol className="space-y-2.5">
        {actions.map(({ action, actor, at }) => (
          <li key={`${at}-${action}`}>
            <p>
              <StaffName userId={actor} /> {DONE[action]}
            </p>
            <p className="text-small text-muted">
              <time dateTime={at}>{formatDateTime(at)}</time>
            </p>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
