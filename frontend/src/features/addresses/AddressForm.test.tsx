import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it } from "vitest";

import type { AddressFormat } from "@/api/types";
import { AddressForm } from "@/features/addresses/AddressForm";
import { addressFormatQuery } from "@/features/delivery/queries";

const UNITED_STATES: AddressFormat = {
  country: "US",
  fields: ["name", "street", "city", "region", "postalCode"],
  required: ["city", "postalCode", "region"],
  regionLabel: "state",
  regions: [{ code: "OR", name: "Oregon" }],
  cityLabel: "city",
  postalCodeLabel: "ZIP code",
  postalCodePattern: "\\d{5}",
  postalCodeExample: "95014",
};
const HONG_KONG: AddressFormat = {
  ...UNITED_STATES,
  country: "HK",
  fields: ["region", "city", "street", "name"],
  required: ["region"],
  regionLabel: "area",
  regions: [{ code: "Kowloon", name: "Kowloon" }],
  cityLabel: "district",
};

function renderForm() {
  const client = new QueryClient();
  for (const format of [UNITED_STATES, HONG_KONG]) client.setQueryData(addressFormatQuery(format.country).queryKey, format);
  return render(
    <QueryClientProvider client={client}>
      <AddressForm submitLabel="Use this address" draftKey="draft" onSaved={() => undefined} />
    </QueryClientProvider>,
  );
}

beforeEach(() => sessionStorage.clear());

it("stores every keystroke, so that a reload loses nothing", async () => {
  const user = userEvent.setup();
  const { unmount } = renderForm();
  await user.type(screen.getByLabelText("City"), "Portl");
  await user.selectOptions(screen.getByLabelText("State"), "OR");
  unmount();
  renderForm();
  expect(screen.getByLabelText("City")).toHaveValue("Portl");
  expect(screen.getByLabelText("State")).toHaveValue("OR");
});

it("asks for what the country has, by its names", async () => {
  const user = userEvent.setup();
  renderForm();
  expect(screen.getByLabelText("ZIP code")).toBeRequired();
  await user.selectOptions(screen.getByLabelText("Country"), "HK");
  expect(screen.queryByLabelText("ZIP code")).toBeNull();
  expect(screen.getByLabelText("Area")).toBeRequired();
  expect(screen.getByLabelText("District (optional)")).not.toBeRequired();
});

it("is not sent before the fields of its country are there", () => {
  const client = new QueryClient({ defaultOptions: { queries: { queryFn: () => new Promise(() => undefined) } } });
  render(
    <QueryClientProvider client={client}>
      <AddressForm submitLabel="Use this address" onSaved={() => undefined} />
    </QueryClientProvider>,
  );
  expect(screen.getByRole("button", { name: "Use this address" })).toHaveAttribute("aria-disabled", "true");
});
