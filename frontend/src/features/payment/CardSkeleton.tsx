import { Loading, Skeleton } from "@/components/Skeleton";

export function CardSkeleton() {
  return (
    <Loading subject="the card form" className="space-y-3">
      <Skeleton className="h-12" />
      <Skeleton className="h-12" />
    </Loading>
  );
}
