import { Agent } from "node:https";
import { type ConnectionOptions, connect } from "node:tls";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Fault } from "../../local/azure/faults.ts";
import type { Operation } from "../../local/azure/model/calls.ts";
import { managedIdentity } from "../../src/azure/credential.ts";
import { verdictOfError } from "../../src/reconcile/outcome.ts";
import { findCanaries } from "../support/canaries.ts";
import { holdsCanaries } from "../support/everythingOf.ts";
import { useLocalAzure } from "../support/localAzure.ts";
import { idOf } from "../support/runtime.ts";
import { adapters, METHODS, type Method, operationOf } from "./operations.ts";

// Read as the SDKs are loaded.
vi.hoisted(() => {
  process.env.AZURE_LOG_LEVEL = "verbose";
});
const azure = useLocalAzure({ storage: true });

let printed = "";
beforeEach(() => {
  printed = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    printed += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const HOSTS = ["management.azure.com", "contoso.vault.azure.net", "contoso.blob.core.windows.net"];
const STATUSES = [200, 202, 204, 302, 400, 401, 403, 404, 408, 409, 412, 429, 500, 502, 503, 504];

/** Bodies with auth keys in places where none belongs, and where one always is. */
function bodiesWith(one: string, two: string): readonly [type: string, body: string][] {
  const inProperties = {
    properties: { type: one, value: two },
    Message: `not ${one}`,
    error_description: two,
  };
  const keys = { authKey1: one, authKey2: two, value: one, ...inProperties };
  const text = JSON.stringify(keys);
  const fault = { code: "Fault", message: `"${one}" is refused, ${two} too`, target: one, details: [keys] };
  const error = { ...fault, innererror: { ...fault, value: one } };
  // So long that the cut goes through the value.
  const long = { code: "Fault", message: `${"word ".repeat(56)}${one}` };
  return [
    ["application/json", JSON.stringify({ error })],
    ["application/json", JSON.stringify({ error: long })],
    ["application/json", text],
    ["application/json", text.slice(0, -20)],
    ["application/json", `${text}\n    at ${one} ${two}`],
    ["application/json", JSON.stringify([one, two])],
    ["text/plain", `${one} ${two}`],
    ["text/html", `<html><body>${one} ${two}</body></html>`],
    ["application/xml", `<?xml version="1.0"?><Error><Code>Fault</Code><Message>${one}</Message></Error>`],
  ];
}

/** The app's adapters, and what holds the keys of the runtime that they are for. */
async function subject(name: string) {
  const call = await adapters(azure(), name);
  const { authKey1: one, authKey2: two } = azure().liveKeys(idOf(name));
  const bodies = bodiesWith(one, two).map(([type, body]) => ({ headers: { "content-type": type }, body }));
  const location = `https://contoso.vault.azure.net/${one}`;
  const headers = { "content-type": "application/json", "retry-after": one, location, "x-key": two };
  return { name, call, bodies, inHeaders: { headers, body: "{}" } };
}
type Subject = Awaited<ReturnType<typeof subject>>;

interface Cell {
  readonly operation: Operation;
  /** Part of what the call is about, where that can be told. */
  readonly resource: string;
  /** None: the real answer. */
  readonly fault: Fault | undefined;
  call(): Promise<unknown>;
}

function cellOf({ name, call }: Subject, method: Method, fault?: Fault): Cell {
  const operation = operationOf(method);
  const resource = operation.endsWith("Lease") ? "" : name;
  return { operation, resource, fault, call: () => call(method) };
}

/** Looks into all that comes of these calls: many at once, but one by one where their faults could strike each other. */
async function look(cells: readonly Cell[]): Promise<void> {
  const wrong: string[] = [];
  let failed = 0;
  const lookAt = async (group: readonly Cell[]) => {
    for (const [index, { operation, resource, fault, call }] of group.entries()) {
      const when = fault === "cut" ? "after" : "before";
      const injected = fault && azure().faults.inject({ operation, resource, times: 9, when, fault });
      const told = await call().catch((error: unknown) => {
        failed += 1;
        return [error, verdictOfError(error, true).message];
      });
      if (injected?.hits === 0) wrong.push(`never answered: ${operation} ${resource}, ${index}`);
      if (holdsCanaries(told)) wrong.push(`shown by: ${operation} ${resource}, ${index}`);
      injected?.remove();
    }
  };
  const groups = Map.groupBy(cells, ({ operation, resource }) => `${operation} ${resource}`);
  await Promise.all([...groups.values()].map(lookAt));
  expect(wrong).toEqual([]);
  expect(failed).toBeGreaterThan(cells.length / 2);
}

/** What connects from now on reaches the local Azure, which answers for any host, as if there were no proxy. */
function goDirect() {
  vi.stubEnv("HTTPS_PROXY", "");
  const port = Number(new URL(azure().env.HTTPS_PROXY).port);
  const agents: { createConnection(options: ConnectionOptions): unknown } = Agent.prototype;
  return vi
    .spyOn(agents, "createConnection")
    .mockImplementation(({ host = "", servername = host }) =>
      connect({ host: "127.0.0.1", port, servername }),
    );
}

test("no error, no result and no log shows what bodies hold, through a proxy or without", {
  timeout: 60_000,
}, async () => {
  const proxied = [await subject("alpha"), await subject("beta")];
  const connected = goDirect();
  const direct = [await subject("gamma"), await subject("delta")];
  const cells = METHODS.flatMap((method, row) =>
    // In turn, because two methods of one operation about one runtime would have to wait for each other.
    [proxied, direct].flatMap((subjects) => {
      const { [row % 2]: chosen = proxied[0]! } = subjects;
      // Each method meets each status and each body, and each status meets each body.
      const answers = STATUSES.map((status, column) => {
        const answer = { status, ...chosen.bodies[(row + column) % chosen.bodies.length] };
        return status === 204 ? { ...answer, body: "" } : answer;
      });
      return [...answers, "reset", "cut", undefined].map((fault) => cellOf(chosen, method, fault as Fault));
    }),
  );
  await look(cells);
  expect(HOSTS.filter((host) => !printed.includes(`"url": "https://${host}/`))).toEqual([]);
  expect(connected).toHaveBeenCalled();
  expect(findCanaries(printed)).toEqual([]);
});

// Their log may show headers; no service has a key in one, and no identity endpoint has any.
test("no error and no result shows what headers hold, or what is told instead of a token", {
  timeout: 60_000,
}, async () => {
  const chosen = await subject("alpha");
  const inHeaders = METHODS.flatMap((method, row) =>
    [row, row + METHODS.length].map((column) => {
      const status = STATUSES[column % STATUSES.length] ?? 0;
      return cellOf(chosen, method, { status, ...chosen.inHeaders });
    }),
  );
  const answers = [...chosen.bodies, chosen.inHeaders];
  const insteadOfTokens = STATUSES.map(
    (status, column): Cell => ({
      operation: "token",
      resource: "",
      fault: { status, ...answers[column % answers.length] },
      // For an audience of its own, because tokens are kept; a token is what it is for.
      call: async () =>
        void (await managedIdentity(undefined).getToken(`https://for${status}.example/.default`)),
    }),
  );
  await look([...inHeaders, ...insteadOfTokens]);
});
