import type { LimitName } from "./budgets.ts";
import type { Operation } from "./calls.ts";

/** The operations that need a token and a right. */
export type GuardedOperation = Exclude<
  Operation,
  | "challenge"
  | "token"
  | "unknown"
  | "acquireLease"
  | "renewLease"
  | "releaseLease"
  | "createContainer"
  | "putBlob"
>;

interface Needs {
  /** The RBAC action. */
  action: string;
  /** The limit that it spends. A POST that only reads, like listing keys, spends ARM's writes (docs/azure.md). */
  limit: LimitName;
  /** Whether it changes the state. */
  writes: boolean;
}

const factories = "Microsoft.DataFactory/factories";
const runtimes = `${factories}/integrationruntimes`;
const secrets = "Microsoft.KeyVault/vaults/secrets";

/** What each operation needs: its right and its limit (docs/azure.md). */
export const NEEDS: Record<GuardedOperation, Needs> = {
  listAuthKeys: { action: `${runtimes}/listauthkeys/action`, limit: "armWrites", writes: false },
  regenerateAuthKey: { action: `${runtimes}/regenerateauthkey/action`, limit: "armWrites", writes: true },
  getRuntime: { action: `${runtimes}/read`, limit: "armReads", writes: false },
  listByFactory: { action: `${runtimes}/read`, limit: "armReads", writes: false },
  listFactories: { action: `${factories}/read`, limit: "armReads", writes: false },
  getStatus: { action: `${runtimes}/getstatus/read`, limit: "armWrites", writes: false },
  getSecret: { action: `${secrets}/getSecret/action`, limit: "vaultOthers", writes: false },
  getSecretVersion: { action: `${secrets}/getSecret/action`, limit: "vaultOthers", writes: false },
  setSecret: { action: `${secrets}/setSecret/action`, limit: "vaultCreates", writes: true },
  updateSecret: { action: `${secrets}/update/action`, limit: "vaultOthers", writes: true },
  listVersions: { action: `${secrets}/readMetadata/action`, limit: "vaultOthers", writes: false },
};
