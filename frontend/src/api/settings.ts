/** What the shop has to know of its stage, written by the deployment, so that one build serves every stage. */
export interface Settings {
  stage: string;
  region: string;
  userPoolId: string;
  userPoolClientId: string;
  /** On the emulator only; in AWS the region tells the endpoint. */
  userPoolEndpoint?: string | null;
  stripePublishableKey?: string | null;
  /** In the local stage, where Stripe's script cannot be had: the shop offers test cards, which the stand-in knows. */
  testCards?: boolean | null;
  /** Path of the assistant's WebSocket on this origin; null while it is not deployed. */
  ws?: string | null;
}

let loading: Promise<Settings> | undefined;

/** Read `/config.json` once. A failure is not remembered. */
export function settings(): Promise<Settings> {
  loading ??= read().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function read(): Promise<Settings> {
  const response = await fetch("/config.json");
  if (!response.ok) throw new Error(`/config.json: ${response.status}`);
  return (await response.json()) as Settings;
}
