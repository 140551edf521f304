import { ButtonLink } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ConsolePage } from "@/staff/components/ConsolePage";

export function NotFound() {
  return (
    <ConsolePage title="Not found">
      <EmptyState title="There is no page at this address" action={<ButtonLink to="/">To the first page</ButtonLink>} />
    </ConsolePage>
  );
}
