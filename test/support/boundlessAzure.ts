import type { CertificateAuthority } from "../../local/azure/certificates.ts";
import { type LocalAzure, type LocalAzureOptions, startLocalAzure } from "../../local/azure/index.ts";

/** A local Azure that throttles nobody: proofs make more calls in a minute than an app in its life. */
export async function startBoundlessAzure(options: LocalAzureOptions): Promise<LocalAzure> {
  const azure = await startLocalAzure(options);
  for (const limit of Object.values(azure.state.budgets.limits)) limit.capacity = 1_000_000_000;
  return azure;
}

/** The authority that this process was started to trust: `NODE_EXTRA_CA_CERTS` is read when it starts. */
export function trustedAuthority(): Pick<CertificateAuthority, "keyPath" | "certPath"> {
  return {
    keyPath: process.env.LOCAL_AZURE_CA_KEY ?? "",
    certPath: process.env.NODE_EXTRA_CA_CERTS ?? "",
  };
}
