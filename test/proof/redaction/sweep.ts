/**
 * A process that calls every method of the production adapters and the real SDKs below them, has each answered in
 * every hostile way, and looks into all that comes of it. What the SDKs themselves print is for its parent to read.
 */
import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { inspect } from "node:util";
import type { LocalAzure } from "../../../local/azure/index.ts";
import { type SecretVersion, setSecret } from "../../../local/azure/model/keyVault.ts";
import { connect } from "../../../src/azure/connect.ts";
import { readConfig } from "../../../src/config/config.ts";
import { verdictOfError } from "../../../src/reconcile/outcome.ts";
import type { Services } from "../../../src/services.ts";
import { startBoundlessAzure, trustedAuthority } from "../../support/boundlessAzure.ts";
import { pool } from "../faults/pool.ts";
import { armIdOf, secretNameOf } from "../faults/scenarios.ts";
import { everythingOf } from "../faults/secrecy.ts";
import { findCanaries } from "./canaries.ts";
import { goDirect } from "./direct.ts";
import { type HostileAnswer, hostileAnswers } from "./hostileAnswers.ts";
import { type LeaseServer, startLeaseServer } from "./leaseServer.ts";
import { type AdapterOperation, operations } from "./operations.ts";

export interface SweepFigures {
  readonly cells: number;
  /** How many of them threw. */
  readonly thrown: number;
  /** Cells whose answer was never given, by name: they show nothing. */
  readonly idle: readonly string[];
  /** How much text was looked through, in characters. */
  readonly inspected: number;
  /** Cells whose error or result shows a value, by name. */
  readonly leaks: readonly string[];
}

const VAULT_URL = "https://contoso.vault.azure.net";
const [route = "proxy", places = "everywhere", part = "1"] = process.argv.slice(2);
const azure = await startBoundlessAzure({
  storage: false,
  authority: trustedAuthority(),
});
const leases = await startLeaseServer();
azure.addVault(VAULT_URL);
const { HTTPS_PROXY, ...env } = azure.env;
Object.assign(process.env, env, route === "proxy" ? { HTTPS_PROXY } : {});
if (route === "direct") goDirect(HTTPS_PROXY);
const settings = {
  KEY_VAULT_URL: VAULT_URL,
  OVERLAP: "P1D",
  AzureWebJobsStorage: leases.connectionString,
};
const configOf = (id: string) =>
  readConfig({ ...settings, RUNTIMES: JSON.stringify([{ id: armIdOf(id), secretName: secretNameOf(id) }]) });

const services: Services = connect(configOf("none"));
const leaks: string[] = [];
const idle: string[] = [];
const inFlight: Promise<void>[] = [];
let cells = 0;
let thrown = 0;
let inspected = 0;

try {
  const inBodies = places === "bodies";
  // No identity endpoint knows of an auth key.
  const called = operations.filter(({ request }) => !inBodies || request !== "token");
  const all = called.flatMap((operation, index) => {
    const answers = hostileAnswers(["", ""]).map(({ name }, answer) => ({ name, answer }));
    // A part of them is every nth, shifted from operation to operation, so that each answer is met by some.
    const chosen = answers.filter(
      ({ name, answer }) => (answer + index) % Number(part) === 0 && !(inBodies && name.endsWith(" headers")),
    );
    return [...chosen.map(({ answer }) => ({ operation, answer })), { operation, answer: undefined }];
  });
  if (route === "proxy") inFlight.push(...(await leaveInFlight(azure)));
  await pool(all, 24, ({ operation, answer }) => runCell(azure, leases, operation, answer));
  look("the services", inspect(services, { showHidden: true, depth: null }));
} finally {
  await azure.stop();
  await leases.stop();
}
await Promise.all(inFlight);
process.send?.({ cells, thrown, idle, inspected, leaks } satisfies SweepFigures);
process.disconnect?.();

/** Behind a proxy the SDKs may print one request while they print another: these are under way until the end. */
async function leaveInFlight(azure: LocalAzure): Promise<readonly Promise<void>[]> {
  const [config] = configOf("flight").runtimes;
  if (config === undefined) throw new Error("one runtime was configured");
  azure.addRuntime(armIdOf("flight"));
  const given = { value: azure.liveKeys(armIdOf("flight")).authKey1, version: "", prepared: undefined };
  const leave = async (name: string, request: "listAuthKeys" | "setSecret") => {
    const operation = operations.find((each) => each.name === name);
    const stalled = azure.faults.inject({
      operation: request,
      resource: "flight",
      fault: "stall",
      when: "after",
    });
    const call = operation?.call(services, config, given);
    while (stalled.hits === 0) await delay(10);
    // Wrapped, because a promise that is returned would be waited for.
    return {
      end: (async () => look(`${name} in flight`, everythingOf(await call?.catch((error) => error))))(),
    };
  };
  const list = await leave("listAuthKeys", "listAuthKeys");
  const publish = await leave("addVersion", "setSecret");
  return [list.end, publish.end];
}

/** One call with one answer; with the real one where there is none. */
async function runCell(
  azure: LocalAzure,
  leases: LeaseServer,
  operation: AdapterOperation,
  answerIndex: number | undefined,
): Promise<void> {
  cells += 1;
  const id = `cell${String(cells).padStart(5, "0")}`;
  const [config] = configOf(id).runtimes;
  if (config === undefined) throw new Error("one runtime was configured");
  azure.addRuntime(armIdOf(id));
  const version = store(azure, id);
  const { authKey1, authKey2 } = azure.liveKeys(armIdOf(id));
  const prepared = await operation.prepare?.(services, config);
  const hostile = answerIndex === undefined ? undefined : hostileAnswers([authKey1, authKey2])[answerIndex];
  const struck = strike(azure, leases, operation, id, hostile);
  const name = `${operation.name}, ${hostile?.name ?? "the real answer"}`;
  try {
    const result = await operation.call(services, config, { value: authKey1, version: version.id, prepared });
    look(`result of ${name}`, `${everythingOf(result)}${bare(result)}${JSON.stringify(result)}`);
  } catch (error) {
    thrown += 1;
    look(
      `error of ${name}`,
      [everythingOf(error), bare(error), verdictOfError(error, true).message].join("\n"),
    );
  }
  if (struck() === 0) idle.push(name);
}

function store(azure: LocalAzure, id: string): SecretVersion {
  const { keyVault } = azure.state;
  const vault = keyVault.vaults[new URL(VAULT_URL).hostname] ?? azure.addVault(VAULT_URL);
  return setSecret(keyVault, vault, secretNameOf(id), azure.liveKeys(armIdOf(id)).authKey1, {}, Date.now());
}

/** Lets the answer be given to the calls of this cell; returns how many got it. */
function strike(
  azure: LocalAzure,
  leases: LeaseServer,
  { request }: AdapterOperation,
  id: string,
  hostile: HostileAnswer | undefined,
): () => number {
  if (hostile === undefined) return () => 1;
  if (request === "lease") {
    const blob = createHash("sha256").update(armIdOf(id).toLowerCase()).digest("hex");
    return leases.answer(blob, hostile.answer);
  }
  const times = Number.POSITIVE_INFINITY;
  const injected = azure.faults.inject({
    operation: request,
    resource: id,
    times,
    when: "after",
    fault: hostile.answer,
  });
  return () => injected.hits;
}

/** Past whatever a thing says of how it is to be printed. */
function bare(thing: unknown): string {
  return inspect(thing, { showHidden: true, depth: null, customInspect: false, maxStringLength: null });
}

function look(name: string, text: string): void {
  inspected += text.length;
  if (findCanaries(text).length > 0) leaks.push(name);
}
