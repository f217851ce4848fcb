import { AsyncLocalStorage } from "node:async_hooks";
import type { Reply } from "../../../local/azure/answers.ts";
import { answerArm } from "../../../local/azure/armHttp.ts";
import type { CertificateAuthority } from "../../../local/azure/certificates.ts";
import type { LocalAzure } from "../../../local/azure/index.ts";
import type { Call } from "../../../local/azure/model/calls.ts";
import { type GuardedOperation, NEEDS } from "../../../local/azure/model/needs.ts";
import { type HttpRequest, startProxy } from "../../../local/azure/proxy.ts";
import { answerVault } from "../../../local/azure/vaultHttp.ts";
import { runtimeOf } from "./cast.ts";
import type { Invocation, Visit, Watcher } from "./invocation.ts";
import { openStorage } from "./storage.ts";
import { until } from "./until.ts";

/** What one process reaches Azure through, so that each call tells which process it comes from. */
export interface Door {
  /** App settings that lead through it. */
  readonly settings: Readonly<Record<string, string>>;
  /** Whose calls come through. */
  invocation: Invocation;
  /** For a process that is gone: what is being done for it is finished, and nothing comes in any more. */
  close(): Promise<void>;
}

const callers = new AsyncLocalStorage<Invocation>();

/** A call that does not get its answer, thrown out of the local Azure. */
class Dropped extends Error {
  readonly fate: "lost" | "late";
  constructor(fate: "lost" | "late") {
    super(fate);
    this.fate = fate;
  }
}

/** Tells the watcher of each call for Data Factory and Key Vault that came through a door. */
export function watchCalls(azure: LocalAzure, watcher: Watcher): void {
  const operation = Object.keys(NEEDS) as GuardedOperation[];
  const times = Number.POSITIVE_INFINITY;
  const on = (tell: (visit: Visit, call: Call) => Dropped["fate"] | undefined) => (call: Call) => {
    const by = callers.getStore();
    if (by === undefined) return;
    const visit = { by, operation: call.operation as GuardedOperation, runtime: runtimeOf(call.resource) };
    const fate = tell(visit, call);
    if (fate !== undefined) throw new Dropped(fate);
  };
  const arrives = on((visit) => watcher.arrives(visit));
  const happened = on((visit, { effect }) => watcher.happened(visit, effect));
  azure.faults.inject({ operation, times, when: "before", fault: arrives });
  azure.faults.inject({ operation, times, when: "after", fault: happened });
}

/** @param invocation whose calls come through at first */
export async function openDoor(
  azure: LocalAzure,
  authority: CertificateAuthority,
  watcher: Watcher,
  invocation: Invocation,
): Promise<Door> {
  let closed = false;
  let busy = 0;
  const door = { invocation };
  const answer = async (request: HttpRequest): Promise<Reply> => {
    if (closed) return "reset";
    const by = door.invocation;
    busy += 1;
    try {
      return await callers.run(by, () => route(azure, request));
    } catch (error) {
      if (!(error instanceof Dropped)) throw error;
      if (error.fate === "late") by.late.push(() => callers.run(by, () => route(azure, request)));
      return "reset";
    } finally {
      busy -= 1;
    }
  };
  const [proxy, storage] = await Promise.all([
    startProxy(authority, answer),
    openStorage(azure.env.AzureWebJobsStorage ?? "", watcher, () => door.invocation),
  ]);
  return Object.assign(door, {
    settings: { HTTPS_PROXY: proxy.url, AzureWebJobsStorage: storage.connectionString },
    async close() {
      closed = true;
      await Promise.all([proxy.stop(), storage.close()]);
      await until("the calls of a dead process end", () => busy === 0);
    },
  });
}

function route(azure: LocalAzure, request: HttpRequest): Promise<Reply> {
  const vault = azure.state.keyVault.vaults[request.host];
  return vault === undefined ? answerArm(azure, request) : answerVault(azure, vault, request);
}
