import type { RuntimeConfig } from "../../src/config/runtimeEntry.ts";

const GROUP = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers";
export const VAULT_URL = "https://contoso.vault.azure.net";

export function idOf(name: string): string {
  return `${GROUP}/Microsoft.DataFactory/factories/contoso/integrationRuntimes/${name}`;
}

/** A runtime rotated every 30 days with one day of overlap, valid for 60, whose nodes are watched. */
export function configOf(name = "alpha"): RuntimeConfig {
  const text = idOf(name);
  return {
    id: {
      text,
      key: text.toLowerCase(),
      subscriptionId: "11111111-2222-3333-4444-555555555555",
      resourceGroup: "rg",
      provider: "Microsoft.DataFactory",
      parent: "contoso",
      name,
    },
    vaultUrl: VAULT_URL,
    secretName: `contoso-${name}`,
    rotateEvery: { text: "P30D", ms: 2_592_000_000 },
    overlap: { text: "P1D", ms: 86_400_000 },
    validityDays: 60,
    nodes: "watch",
    paused: false,
  };
}
