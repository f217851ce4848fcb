/** Turns the app settings into a Config, or into the list of everything that is wrong with them. */
import { clientId } from "./clientId.ts";
import { ConfigurationError } from "./configurationError.ts";
import { DAY, duration, type Span } from "./duration.ts";
import { Problems, parsedText, type Schema } from "./problems.ts";
import type { RuntimeConfig } from "./runtimeEntry.ts";
import type { RuntimePattern } from "./runtimePattern.ts";
import {
  nodes,
  overlap,
  rotateEvery,
  SHORTEST,
  type Sourced,
  validity,
  vaultUrl,
} from "./runtimeSettings.ts";
import { readRuntimes } from "./runtimes.ts";
import { readStorage, type StorageConfig } from "./storage.ts";
import { httpsHost, webPage } from "./urls.ts";

/** The app settings, checked. */
export interface Config {
  /** Those that have an entry of their own. */
  readonly runtimes: readonly RuntimeConfig[];
  /** Entries that stand for the runtimes of a scope; if several cover a runtime, the first counts. */
  readonly patterns: readonly RuntimePattern[];
  /** How long the nodes of a rotated runtime must have stayed online before the rotation counts as harmless. */
  readonly soak: Span;
  /** How many runtimes are worked on at once. */
  readonly concurrency: number;
  /** Azure Resource Manager, without a trailing slash. */
  readonly armUrl: string;
  /** The client id of a user-assigned identity. */
  readonly clientId: string | undefined;
  /** The page that shows docs/runbook.md, for links to its sections. */
  readonly runbookUrl: string | undefined;
  readonly storage: StorageConfig;
}

const concurrency = parsedText("a whole number from 1 to 64", (text) =>
  /^[1-9]\d?$/.test(text) && Number(text) <= 64 ? Number(text) : undefined,
);
// A soak of more than two days would leave too little of the three in which a rotation can be proved.
const soak = duration("PT20H", SHORTEST, { text: "P2D", ms: 2 * DAY });
// Templates write it as True.
const paused = parsedText("true or false", (text) =>
  /^(?:true|false)$/i.test(text) ? text.toLowerCase() === "true" : undefined,
);
const ARM_URL = "AZURE_RESOURCE_MANAGER_URL";
const armUrl = httpsHost("https://management.azure.com");
const VAULT_MISSING =
  'missing; give the https URL of a key vault, such as "https://contoso.vault.azure.net", or a keyVaultUrl in every entry of RUNTIMES';

/**
 * Reads the app settings. The schedule is not among them: the host resolves it, before any code runs.
 * @throws {ConfigurationError} with every problem at once.
 */
export function readConfig(settings: Readonly<Record<string, string | undefined>>): Config {
  const problems = new Problems();
  // Deployment templates leave settings empty instead of leaving them out, and values from files end in line breaks.
  const setting = (name: string) => settings[name]?.trim() || undefined;
  const span = (name: string, schema: Schema<Span>, fallback?: string): Sourced => {
    const own = setting(name);
    const text = own ?? fallback;
    return {
      place: name,
      from: own === undefined ? "default" : "setting",
      span: text === undefined ? undefined : problems.read(name, schema, text),
    };
  };
  // A problem only if some entry needs it.
  const sharedVaultUrl = () => {
    const text = setting("KEY_VAULT_URL");
    if (text === undefined) problems.add("KEY_VAULT_URL", VAULT_MISSING);
    else return problems.read("KEY_VAULT_URL", vaultUrl, text);
    return undefined;
  };

  const list = setting("RUNTIMES");
  if (list === undefined || setting("KEY_VAULT_URL") !== undefined) sharedVaultUrl();
  const { runtimes, patterns } = readRuntimes(
    list,
    {
      vaultUrl: sharedVaultUrl,
      rotateEvery: span("ROTATE_EVERY", rotateEvery, "P30D"),
      overlap: span("OVERLAP", overlap, "P2D"),
      validity: span("VALIDITY", validity),
      nodes: problems.read("NODES", nodes, setting("NODES") ?? "watch"),
      paused: problems.read("PAUSED", paused, setting("PAUSED") ?? "false"),
    },
    problems,
  );
  const soaking = problems.read("SOAK", soak, setting("SOAK") ?? "PT20H");
  const workers = problems.read("CONCURRENCY", concurrency, setting("CONCURRENCY") ?? "8");
  const arm = problems.read(ARM_URL, armUrl, setting(ARM_URL) ?? "https://management.azure.com");
  const identity = setting("AZURE_CLIENT_ID");
  const id = identity === undefined ? undefined : problems.read("AZURE_CLIENT_ID", clientId, identity);
  const runbook = setting("RUNBOOK_URL");
  const runbookUrl = runbook === undefined ? undefined : problems.read("RUNBOOK_URL", webPage, runbook);
  const storage = readStorage(setting, Object.keys(settings), problems);

  if (problems.list.length > 0 || !soaking || !workers || !arm || !storage) {
    throw new ConfigurationError(problems.list);
  }
  return {
    runtimes,
    patterns,
    soak: soaking,
    concurrency: workers,
    armUrl: arm,
    clientId: id,
    runbookUrl,
    storage,
  };
}
