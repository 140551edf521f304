import { useLayoutEffect, useRef } from "react";
import { Link } from "react-router";

import type { Proposal } from "@/api/messages";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { decideProposal } from "@/features/chat/chat";
import type { ProposalState } from "@/features/chat/conversation";

const ACCEPT_LABELS = { ADD: "Add to cart", SET: "Change the cart", REMOVE: "Take it out" };

interface ProposalViewProps {
  proposal: Proposal;
  state: ProposalState;
  onNavigate: () => void;
}

/** A change that the assistant proposes. It takes effect only when the shopper accepts it. */
export function ProposalView({ proposal, state: { status, message }, onNavigate }: ProposalViewProps) {
  const messageRef = useRef<HTMLParagraphElement>(null);
  const isOpen = status === "open" || status === "deciding";
  const wasOpen = useRef(isOpen);
  // The focused button is removed, so the focus moves to the message.
  useLayoutEffect(() => {
    if (wasOpen.current && !isOpen) messageRef.current?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);

  return (
    <div role="group" aria-label={proposal.summary} className="rounded-sheet border border-edge bg-sheet p-4">
      <p className="font-semibold">{proposal.summary}?</p>
      {isOpen && (
        <div className="mt-3 flex flex-wrap gap-2">
          <Button busy={status === "deciding"} onClick={() => decideProposal(proposal.proposalId, true)}>
            {ACCEPT_LABELS[proposal.arguments.change]}
          </Button>
          <Button variant="secondary" disabled={status === "deciding"} onClick={() => decideProposal(proposal.proposalId, false)}>
            No, thanks
          </Button>
        </div>
      )}
      <div role="status">
        {message !== null && (
          <p ref={messageRef} tabIndex={-1} className="mt-2 flex flex-wrap items-center gap-x-2 outline-none">
            {status === "accepted" && <Icon name="check" className="size-5 text-action" />}
            {message}
            {(status === "accepted" || status === "open") && (
              <Link to="/cart" onClick={onNavigate} className="link font-semibold">
                View cart
              </Link>
            )}
          </p>
        )}
      </div>
    </div>
  );
}
