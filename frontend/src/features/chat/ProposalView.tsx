import { useLayoutEffect, useRef } from "react";
import { Link } from "react-router";

import type { Proposal } from "@/api/messages";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { decide } from "@/features/chat/chat";
import type { Standing } from "@/features/chat/conversation";

const AGREE = { ADD: "Add to cart", SET: "Change the cart", REMOVE: "Take it out" };

interface ProposalViewProps {
  proposal: Proposal;
  standing: Standing;
  onLeave: () => void;
}

/** What the assistant would do. It happens only by the button. */
export function ProposalView({ proposal, standing: { status, message }, onLeave }: ProposalViewProps) {
  const told = useRef<HTMLParagraphElement>(null);
  const isOpen = status === "open" || status === "deciding";
  const wasOpen = useRef(isOpen);
  // The buttons go, and the focus that was on them would be nowhere.
  useLayoutEffect(() => {
    if (wasOpen.current && !isOpen) told.current?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);

  return (
    <div role="group" aria-label={proposal.summary} className="rounded-sheet border border-edge bg-sheet p-4">
      <p className="font-semibold">{proposal.summary}?</p>
      {isOpen && (
        <div className="mt-3 flex flex-wrap gap-2">
          <Button busy={status === "deciding"} onClick={() => decide(proposal.proposalId, true)}>
            {AGREE[proposal.arguments.change]}
          </Button>
          <Button look="quiet" disabled={status === "deciding"} onClick={() => decide(proposal.proposalId, false)}>
            No, thanks
          </Button>
        </div>
      )}
      <div role="status">
        {message !== null && (
          <p ref={told} tabIndex={-1} className="mt-2 flex flex-wrap items-center gap-x-2 outline-none">
            {status === "accepted" && <Icon name="check" className="size-5 text-action" />}
            {message}
            {(status === "accepted" || status === "open") && (
              <Link to="/cart" onClick={onLeave} className="link font-semibold">
                View cart
              </Link>
            )}
          </p>
        )}
      </div>
    </div>
  );
}
