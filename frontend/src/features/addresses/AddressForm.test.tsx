import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { AddressForm } from "@/features/addresses/AddressForm";

function shown() {
  return render(
    <QueryClientProvider client={new QueryClient()}>
      <AddressForm action="Use this address" draftKey="draft" onKept={() => undefined} />
    </QueryClientProvider>,
  );
}

it("keeps every letter as it is typed, for a reload in the middle of a word", async () => {
  const user = userEvent.setup();
  const { unmount } = shown();
  await user.type(screen.getByLabelText("City"), "Portl");
  unmount();
  shown();
  expect(screen.getByLabelText("City")).toHaveValue("Portl");
});
