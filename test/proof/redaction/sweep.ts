/**
 * A process that calls every method of the production adapters and the real SDKs below them, has each answered in
 * every hostile way, and looks into all that comes of it. What the SDKs themselves print is for its parent to read.
 */
import { Agent } from "node:https";
import { connect as connectTls } from "node:tls";
import pLimit from "p-limit";
import { setSecret } from "../../../local/azure/model/keyVault.ts";
import { connect } from "../../../src/azure/connect.ts";
import { readConfig } from "../../../src/config/config.ts";
import { verdictOfError } from "../../../src/reconcile/outcome.ts";
import { startBoundlessAzure, trustedAuthority } from "../../support/boundlessAzure.ts";
import { findCanaries } from "../../support/canaries.ts";
import { configOf, VAULT_URL } from "../../support/runtime.ts";
import { unmetered } from "../../support/unmetered.ts";
import { resourceOf, settingsOf } from "../faults/subject.ts";
import { everythingOf } from "../shared/run.ts";
import { type HostileAnswer, hostileAnswers } from "./hostileAnswers.ts";
import { type AdapterOperation, operations } from "./operations.ts";

export interface SweepOptions {
  /** Whether the SDKs reach Azure through a proxy, which `HTTPS_PROXY` names, or as they do in the cloud. */
  readonly route: "proxy" | "direct";
  /** Where the answers hold auth keys: `bodies` leaves headers out, and the identity's. */
  readonly places: "everywhere" | "bodies";
  /** Every nth cell only. */
  readonly every: number;
}

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

const { route, places, every }: SweepOptions = JSON.parse(process.argv[2] ?? "");
const azure = await startBoundlessAzure({ authority: trustedAuthority() });
const vault = azure.addVault(VAULT_URL);
Object.assign(process.env, azure.env, route === "direct" ? { HTTPS_PROXY: "" } : {});
if (route === "direct") goDirect(Number(new URL(azure.env.HTTPS_PROXY).port));

const services = connect(readConfig(settingsOf("none")), unmetered);
const leaks: string[] = [];
const idle: string[] = [];
let cells = 0;
let thrown = 0;
let inspected = 0;

// Many at once: behind a proxy the SDKs may print one request while they print another.
await pLimit(12).map(chooseCells(), ({ operation, answer }) => runCell(operation, answer));
look("the services", everythingOf(Object.values(services)));
await azure.stop();
process.send?.({ cells, thrown, idle, inspected, leaks } satisfies SweepFigures);
process.disconnect?.();

/** Every https connection ends at the proxy's port, which answers for any host, as if there were no proxy. */
function goDirect(port: number): void {
  Object.assign(Agent.prototype, {
    createConnection(options: { host?: string; servername?: string }) {
      const servername = options.servername || options.host || "";
      return connectTls({ ...options, host: "127.0.0.1", port, servername });
    },
  });
}

/** A part of the cells is every nth, shifted from operation to operation, so that each answer is met by some. */
function chooseCells(): { operation: AdapterOperation; answer: number | undefined }[] {
  const inBodies = places === "bodies";
  // No identity endpoint knows of an auth key.
  const called = operations.filter(({ request }) => !inBodies || request !== "token");
  return called.flatMap((operation, index) => {
    const answers = hostileAnswers(["", ""]).map(({ name }, answer) => ({ name, answer }));
    const chosen = answers.filter(
      ({ name, answer }) => (answer + index) % every === 0 && !(inBodies && name.endsWith(" headers")),
    );
    return [...chosen, { answer: undefined }].map(({ answer }) => ({ operation, answer }));
  });
}

/** One call with one answer; with the real one where there is none. */
async function runCell(operation: AdapterOperation, answer: number | undefined): Promise<void> {
  cells += 1;
  const id = `cell${String(cells).padStart(5, "0")}`;
  const config = configOf(id);
  azure.addRuntime(config.id.text);
  const { authKey1, authKey2 } = azure.liveKeys(config.id.text);
  const version = setSecret(azure.state.keyVault, vault, config.secretName, authKey1, {}, Date.now());
  // Once more, because a busy machine may take longer than a lease is waited for.
  const prepare = () => operation.prepare?.(services, config);
  const prepared = await prepare()?.catch(prepare);
  const hostile = answer === undefined ? undefined : hostileAnswers([authKey1, authKey2])[answer];
  const struck = strike(operation, id, hostile);
  const name = `${operation.name}, ${hostile?.name ?? "the real answer"}`;
  try {
    const result = await operation.call(services, config, { value: authKey1, version: version.id, prepared });
    look(`result of ${name}`, everythingOf(result));
  } catch (error) {
    thrown += 1;
    look(`error of ${name}`, `${everythingOf(error)}\n${verdictOfError(error, true).message}`);
  }
  if (struck() === 0) idle.push(name);
}

/** Lets the answer be given to the calls of this cell; returns how many got it. */
function strike(
  { request: operation }: AdapterOperation,
  id: string,
  hostile: HostileAnswer | undefined,
): () => number {
  if (hostile === undefined) return () => 1;
  const times = Number.POSITIVE_INFINITY;
  const resource = resourceOf(id, operation);
  const injected = azure.faults.inject({ operation, resource, times, when: "after", fault: hostile.answer });
  return () => injected.hits;
}

function look(name: string, text: string): void {
  inspected += text.length;
  if (findCanaries(text).length > 0) leaks.push(name);
}
