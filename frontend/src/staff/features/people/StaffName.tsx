import { useSession } from "@/features/auth/session";

/** Who did something, by their user id. */
export function StaffName({ userId }: { userId: string | null | undefined }) {
  const session = useSession();
  if (!userId) return <>Unknown</>;
  if (session.status === "signedIn" && session.userId === userId) return <>You</>;
  return <span title={userId}>Staff {userId.slice(0, 8)}</span>;
}
