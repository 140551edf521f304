import { useQuery } from "@tanstack/react-query";

import { useSession } from "@/features/auth/session";
import { customerQuery } from "@/staff/features/customers/queries";

const HOUR = 3_600_000;

/** Who did something. Records have ids only; the name is asked for when it is shown, and is gone with the account. */
export function StaffName({ userId }: { userId: string | null | undefined }) {
  const session = useSession();
  const isOwn = session.status === "signedIn" && session.userId === userId;
  const { data } = useQuery({ ...customerQuery(userId ?? ""), enabled: Boolean(userId) && !isOwn, staleTime: HOUR, retry: false });
  if (!userId) return <>Unknown</>;
  if (isOwn) return <>You</>;
  return <span title={userId}>{data?.name ?? data?.email ?? `Staff ${userId.slice(0, 8)}`}</span>;
}
