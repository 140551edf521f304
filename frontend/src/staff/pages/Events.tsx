import type { SubmitEvent } from "react";
import { useNavigate } from "react-router";

import { Button } from "@/components/Button";
import { path } from "@/components/path";
import { ConsolePage } from "@/staff/components/ConsolePage";
import { useShortcuts } from "@/staff/components/shortcuts";
import { DeadLetters } from "@/staff/features/events/DeadLetters";
import { Differences } from "@/staff/features/events/Differences";
import { Quarantine } from "@/staff/features/events/Quarantine";

const FIELD = "event-subject";

export function Component() {
  const navigate = useNavigate();
  useShortcuts([{ keys: "[Shift]+/", label: "Find the events of an order", run: () => document.getElementById(FIELD)?.focus() }]);

  function find(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const subject = new FormData(event.currentTarget).get("subject");
    if (typeof subject === "string" && subject.trim()) void navigate(path`/events/${subject.trim()}`);
  }

  return (
    <ConsolePage title="Events">
      <form role="search" onSubmit={find} className="on-screen mb-4 flex flex-wrap gap-2">
        <input
          id={FIELD}
          name="subject"
          type="search"
          required
          aria-label="Id of an order, a request or an event"
          placeholder="Id of an order, a request or an event"
          autoComplete="off"
          spellCheck={false}
          maxLength={128}
          className="min-h-9 min-w-56 flex-1 rounded-control border border-edge bg-sheet px-2.5 text-ink placeholder:text-muted"
        />
        <Button type="submit" variant="secondary">
          Show its events
        </Button>
      </form>
      <div className="space-y-4">
        <DeadLetters />
        <Differences />
        <Quarantine />
      </div>
    </ConsolePage>
  );
}
