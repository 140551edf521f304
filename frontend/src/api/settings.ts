import { loadOnce } from "@/api/loadOnce";

/** Settings of the stage. The deployment writes them, so that one build serves every stage. */
export interface Settings {
  stage: string;
  region: string;
  userPoolId: string;
  userPoolClientId: string;
  /** For the emulator only; in AWS the endpoint follows from the region. */
  userPoolEndpoint?: string | null;
  stripePublishableKey?: string | null;
  /** True in the local stage, which has no access to Stripe's script: the shop offers the test cards of Stripe's fake. */
  testCards?: boolean | null;
  /** Path of the assistant's WebSocket on this origin; null while it is not deployed. */
  ws?: string | null;
}

export const loadSettings = loadOnce(async () => {
  const response = await fetch("/config.json");
  if (!response.ok) throw new Error(`/config.json: ${response.status}`);
  return (await response.json()) as Settings;
});
