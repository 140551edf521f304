import { type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { Link } from "react-router";

import { getErrorMessage, Problem } from "@/api/problem";
import type { WithdrawalRequest } from "@/api/types";
import { Alert } from "@/components/Alert";
import { Button } from "@/components/Button";
import { formatDateTime } from "@/components/dates";
import { Panel } from "@/components/Panel";
import { confirmWithdrawal, declareWithdrawal } from "@/features/returns/queries";

/** What is going to be declared, and how the page names it. */
export interface Declaration {
  request: WithdrawalRequest;
  /** What it is about, such as the order's number and its lines. */
  summary: ReactNode;
}

type Step = { name: "declare" } | { name: "confirm"; withdrawalId: string; summary: ReactNode } | { name: "received"; at: string };

interface WithdrawalStepsProps {
  /** Renders the first step; it calls `declare` with what the shopper has chosen, and shows what that throws. */
  children: (declare: (declaration: Declaration) => Promise<void>) => ReactNode;
  /** Whether the order is known, so that the receipt certainly comes. */
  isKnown: boolean;
  onReceived?: () => void;
}

/** A withdrawal in its two steps, and that it was received. Each step takes the focus to its heading. */
export function WithdrawalSteps({ children, isKnown, onReceived }: WithdrawalStepsProps) {
  const [step, setStep] = useState<Step>({ name: "declare" });
  const heading = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    if (step.name !== "declare") heading.current?.focus();
  }, [step.name]);

  if (step.name === "declare") {
    return children(async ({ request, summary }) => {
      const { withdrawalId } = await declareWithdrawal(request);
      setStep({ name: "confirm", withdrawalId, summary });
    });
  }
  return (
    <div ref={heading} tabIndex={-1}>
      {step.name === "confirm" ? (
        <Confirmation
          withdrawalId={step.withdrawalId}
          summary={step.summary}
          onBack={() => setStep({ name: "declare" })}
          onReceived={(at) => {
            setStep({ name: "received", at });
            onReceived?.();
          }}
        />
      ) : (
        <Received at={step.at} isKnown={isKnown} />
      )}
    </div>
  );
}

interface ConfirmationProps {
  withdrawalId: string;
  summary: ReactNode;
  onBack: () => void;
  onReceived: (at: string) => void;
}

function Confirmation({ withdrawalId, summary, onBack, onReceived }: ConfirmationProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  async function confirm(): Promise<void> {
    setBusy(true);
    setError(undefined);
    try {
      const { receivedAt } = await confirmWithdrawal(withdrawalId);
      onReceived(receivedAt);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }

  return (
    <Panel title="Second step: confirm your withdrawal">
      <div className="mb-5">{summary}</div>
      <p className="mb-5">You withdraw once you confirm it here. You get a receipt with date and time by e-mail at once.</p>
      <div className="flex flex-wrap gap-3">
        <Button busy={busy} onClick={() => void confirm()}>
          Confirm withdrawal
        </Button>
        <Button variant="secondary" disabled={busy} onClick={onBack}>
          Go back
        </Button>
      </div>
      {error !== undefined && (
        <div className="mt-4">
          <Alert tone="error">
            {getErrorMessage(error)}
            {error instanceof Problem && error.status === 404 ? "" : " Nothing is lost: confirm it again."}
          </Alert>
        </div>
      )}
    </Panel>
  );
}

function Received({ at, isKnown }: { at: string; isKnown: boolean }) {
  return (
    <Panel title="Your withdrawal was received">
      <p className="mb-4">
        We received it on{" "}
        <time dateTime={at} className="font-semibold">
          {formatDateTime(at)}
        </time>
        . The receipt comes by e-mail, and says what follows.
      </p>
      {!isKnown && (
        <p className="mb-4 text-muted">
          If no e-mail has come within some minutes, the number or the address is not that of an order. Look at the e-mail about your order and begin again, or write
          to <Link to="/help/contact" className="link">our staff</Link>.
        </p>
      )}
    </Panel>
  );
}
