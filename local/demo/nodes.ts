/**
 * The demo's second part: three runtimes whose nodes were installed by hand, with the key that every template hands
 * out. The second rotation kills it. One runtime shows that, the others wait, and the script on the nodes heals it.
 */
import { type LocalAzure, startLocalAzure } from "../azure/index.ts";
import { giveKey, listNodes } from "../azure/model/nodes.ts";
import { type Host, startHost } from "../host/index.ts";
import { style } from "../style.ts";
import { claim } from "./claims.ts";

const VAULT = "https://contoso.vault.azure.net";
const FACTORY =
  "/subscriptions/00000000-0000-4000-8000-00000000fa4e/resourceGroups/plants/providers/Microsoft.DataFactory/factories/contoso";
const NAMES = ["oslo", "porto", "vienna"] as const;
const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1, 3);

const INTRODUCTION = `
Three more runtimes, each with two nodes that were installed by hand with
authKey1 and never touched since. Nothing has been put on them yet.
`;

type Outcomes = Readonly<Record<string, string>>;

/** Prints what happens to the three from their adoption to the day that their nodes keep themselves up to date. */
export async function nodesAct(folder: string): Promise<void> {
  const azure = await startLocalAzure();
  let app: Host | undefined;
  try {
    app = await startHost({ folder, settings: settle(azure) });
    console.log(INTRODUCTION);
    await play(azure, app);
  } finally {
    await app?.stop();
    await azure.stop();
  }
}

async function play(azure: LocalAzure, app: Host): Promise<void> {
  const all = (outcome: string): Outcomes => Object.fromEntries(NAMES.map((name) => [name, outcome]));
  const tick = (day: string) => tickOn(azure, app, day);

  show(azure, "2026-01-01", "adopted: nothing is regenerated", await tick("2026-01-01"), all("published"));
  show(azure, "2026-02-01", "due: one begins, the others wait", await tick("2026-02-01"), {
    oslo: "rotated",
    porto: "rollout",
    vienna: "rollout",
  });
  show(azure, "2026-02-02", "its nodes stayed online: go on", await tick("2026-02-02"), {
    oslo: "not-due",
    porto: "rotated",
    vienna: "rotated",
  });
  show(azure, "2026-03-04", "second rotation: authKey1 dies", await tick("2026-03-04"), {
    oslo: "rotated",
    porto: "not-due",
    vienna: "not-due",
  });
  claim("the nodes of oslo are lost", online(azure, "oslo"), 0);
  show(azure, "2026-03-05", "one shows it, nobody follows", await tick("2026-03-05"), {
    oslo: "nodes-lost",
    porto: "braked",
    vienna: "braked",
  });
  claim("no other runtime has lost a node", online(azure, "porto") + online(azure, "vienna"), 4);

  for (const name of NAMES) sync(azure, name);
  console.log(style.dim("  the script comes on all six nodes (played here; npm run test:nodes runs it)"));
  claim("the nodes of oslo are online again", online(azure, "oslo"), 2);
  show(azure, "2026-03-06", "repaired: the next one tries", await tick("2026-03-06"), {
    oslo: "not-due",
    porto: "rotated",
    vienna: "rollout",
  });
  sync(azure, "porto");
  show(azure, "2026-03-07", "and the next: nobody is lost", await tick("2026-03-07"), {
    oslo: "not-due",
    porto: "not-due",
    vienna: "rotated",
  });
  sync(azure, "vienna");
  const ends = NAMES.map((name) => online(azure, name));
  claim("all nodes are online in the end", ends, [2, 2, 2]);
}

function settle(azure: LocalAzure): Record<string, string> {
  azure.addVault(VAULT);
  azure.clock.stop(START - DAY);
  for (const name of NAMES) {
    azure.addRuntime(idOf(name));
    for (const node of [1, 2])
      azure.registerNode(idOf(name), `${name}-${node}`, azure.liveKeys(idOf(name)).authKey1);
  }
  return {
    ...azure.env,
    ROTATION_SCHEDULE: "0 0 3 * * *",
    KEY_VAULT_URL: VAULT,
    RUNTIMES: JSON.stringify(NAMES.map(idOf)),
  };
}

/** A tick each day up to that one: those before must leave everything as it is. */
async function tickOn(azure: LocalAzure, app: Host, day: string): Promise<Outcomes> {
  const last = Date.parse(`${day}T03:00:00Z`);
  for (;;) {
    azure.clock.advance(DAY);
    await app.run("rotateOnSchedule");
    if (azure.clock.now() >= last) break;
  }
  const response = await fetch(`${app.url}/api/status`, {
    headers: { "x-functions-key": app.keys.function },
  });
  const { runtimes } = (await response.json()) as { runtimes: { runtime: string; reason: string }[] };
  return Object.fromEntries(
    NAMES.map((name) => {
      const told = runtimes.find(({ runtime }) => runtime === idOf(name));
      const published = azure.latestVersion(VAULT, `contoso-${name}`);
      const isNew = published !== undefined && published.created * 1000 >= azure.clock.now() - 1000;
      const { reason: why } = JSON.parse(published?.tags.RotationState ?? "{}");
      const done = why === "due" ? "rotated" : "published";
      return [name, isNew ? done : (told?.reason ?? "")];
    }),
  );
}

function show(azure: LocalAzure, day: string, event: string, seen: Outcomes, expected: Outcomes): void {
  claim(`${day}: ${event}`, seen, expected);
  console.log(`${style.dim(day)}  ${event}`);
  for (const name of NAMES) {
    const count = online(azure, name);
    const nodes = `${count} of 2 nodes online`;
    console.log(
      `  ${name.padEnd(7)} ${(seen[name] ?? "").padEnd(11)} ${count === 2 ? style.good(nodes) : style.bad(nodes)}`,
    );
  }
}

function online(azure: LocalAzure, name: string): number {
  const nodes = listNodes(azure.state.dataFactory, idOf(name), azure.clock.now());
  return nodes.filter(({ status }) => status === "Online").length;
}

/** What the script on a node does: it takes the key that the vault names. */
function sync(azure: LocalAzure, name: string): void {
  const { value } = azure.latestVersion(VAULT, `contoso-${name}`) ?? {};
  if (value === undefined) throw new Error(`${name} has no secret yet`);
  for (const node of [1, 2])
    giveKey(azure.state.dataFactory, idOf(name), `${name}-${node}`, value, azure.clock.now());
}

function idOf(name: string): string {
  return `${FACTORY}/integrationRuntimes/${name}`;
}
