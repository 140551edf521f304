import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { AddressForm } from "@/features/addresses/AddressForm";

function renderForm() {
  return render(
    <QueryClientProvider client={new QueryClient()}>
      <AddressForm submitLabel="Use this address" draftKey="draft" onSaved={() => undefined} />
    </QueryClientProvider>,
  );
}

it("stores every keystroke, so that a reload loses nothing", async () => {
  const user = userEvent.setup();
  const { unmount } = renderForm();
  await user.type(screen.getByLabelText("City"), "Portl");
  unmount();
  renderForm();
  expect(screen.getByLabelText("City")).toHaveValue("Portl");
});
