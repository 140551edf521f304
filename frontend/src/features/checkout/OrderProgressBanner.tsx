import { useLayoutEffect, useRef } from "react";

import { Button } from "@/components/Button";
import { Spinner } from "@/components/Spinner";
import type { OrderProgress } from "@/features/checkout/pollOrder";

const COPY: Record<OrderProgress, { title: string; text: string }> = {
  placing: { title: "Placing your order…", text: "This takes a few seconds." },
  delayed: {
    title: "Still placing your order…",
    text: "It takes longer than usual. We keep asking, and you are charged once at the most. You may close this page and come back later.",
  },
  offline: { title: "You are offline", text: "We go on as soon as you are back. You are charged once at the most." },
  authenticating: { title: "Your bank asks you", text: "Approve the payment in the window of your bank." },
  confirming: { title: "Finishing your order…", text: "Your bank has answered. This takes a few seconds." },
  bankRetry: { title: "Your bank has no answer yet", text: "Nothing is charged until you approve the payment at your bank." },
};

interface OrderProgressBannerProps {
  progress: OrderProgress;
  onBankRetry: (retry: boolean) => void;
}

/** The progress of placing an order. It takes the focus, because the form is inert meanwhile. */
export function OrderProgressBanner({ progress, onBankRetry }: OrderProgressBannerProps) {
  const element = useRef<HTMLDivElement>(null);
  const { title, text } = COPY[progress];

  useLayoutEffect(() => element.current?.focus(), []);

  return (
    <div ref={element} tabIndex={-1} role="status" className="rounded-sheet border border-line bg-tint p-5 text-ink">
      <p className="flex items-center gap-3 text-lead font-semibold">
        {progress !== "bankRetry" && <Spinner />}
        {title}
      </p>
      <p className="mt-1">{text}</p>
      {progress === "bankRetry" && (
        <div className="mt-4 flex flex-wrap gap-3">
          <Button onClick={() => onBankRetry(true)}>Ask my bank again</Button>
          <Button variant="secondary" onClick={() => onBankRetry(false)}>
            Pay in another way
          </Button>
        </div>
      )}
    </div>
  );
}
