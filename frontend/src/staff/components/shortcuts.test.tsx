import { render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { useShortcuts } from "@/staff/components/shortcuts";

const ran = vi.fn<(what: string) => void>();

function Keys({ keys }: { keys: readonly string[] }) {
  useShortcuts(keys.map((each) => ({ keys: each, label: each, run: () => ran(each) })));
  return null;
}

function show() {
  render(
    <>
      <Keys keys={["c", "Enter", "v"]} />
      <Keys keys={["g p", "g s", "g c", "[Shift]+?"]} />
      <button onClick={() => ran("pressed")}>Sign out</button>
      <input aria-label="Name" />
    </>,
  );
  return userEvent.setup();
}

function hasRun(): string[] {
  return ran.mock.calls.map(([what]) => what);
}

beforeEach(() => ran.mockReset());

describe("useShortcuts", () => {
  it("runs a key, and a sequence of keys, once each", async () => {
    await show().keyboard("cgp?");
    expect(hasRun()).toEqual(["c", "g p", "[Shift]+?"]);
  });

  it("ends all sequences with the one that was completed", async () => {
    await show().keyboard("gpc");
    expect(hasRun()).toEqual(["g p", "c"]);
  });

  it("takes the last key of a sequence for nothing else", async () => {
    await show().keyboard("gc");
    expect(hasRun()).toEqual(["g c"]);
  });

  it("lets a key that goes on with no sequence be one of its own", async () => {
    await show().keyboard("gvc");
    expect(hasRun()).toEqual(["v", "c"]);
  });

  it("leaves Enter to the button that has the focus, and keys to a field", async () => {
    const user = show();
    screen.getByRole("button", { name: "Sign out" }).focus();
    await user.keyboard("{Enter}");
    screen.getByRole("textbox").focus();
    await user.keyboard("c{Enter}");
    expect(hasRun()).toEqual(["pressed"]);
  });
});
