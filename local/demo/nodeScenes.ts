/**
 * The demo's second part: three runtimes whose nodes were installed by hand, with the key that nearly every template
 * hands out. It dies by the second rotation; one runtime shows that, and the others wait until it is healed.
 */
import type { Host } from "../host/index.ts";
import { playNodeScript } from "../nodes.ts";
import { oslo, porto, SECOND_PART, vienna, withNodes } from "./cast.ts";
import { claim } from "./claims.ts";
import { adopted, due } from "./scenes.ts";
import { HOUR, nameOf, outcomeOf, type Stage } from "./stage.ts";
import { aside } from "./table.ts";

export async function nodesAndRollout(stage: Stage): Promise<void> {
  stage.azure.clock.advance(4 * 24 * HOUR);
  const app = await stage.startApp(SECOND_PART);
  await stage.tickOn(app, "2026-07-01", ...withNodes.map((runtime) => adopted(runtime, 2)));
  await rollout(stage, app);
  await loss(stage, app);
  await healing(stage, app);
}

/** One begins. The others follow once its nodes have stayed online for a day. */
async function rollout(stage: Stage, app: Host): Promise<void> {
  const one = due(oslo, "tick: 14 days are over for all three, one begins", "authKey2", 2);
  tellWaiting((await stage.tickOn(app, "2026-07-16", one)).waiting, { rollout: 2, braked: 0, paused: 0 });
  await stage.tickOn(
    app,
    "2026-07-17",
    due(porto, "tick: the nodes of oslo stayed online, on it goes", "authKey2", 2),
    due(vienna, "tick: the same", "authKey2", 2),
  );
}

/** The second rotation kills the key that the nodes were installed with. */
async function loss(stage: Stage, app: Host): Promise<void> {
  await stage.tickOn(
    app,
    "2026-07-31",
    due(oslo, "tick: authKey1 dies, which its nodes were installed with", "authKey1", 2),
  );
  const { told, waiting } = await stage.tickOn(app, "2026-08-01", {
    runtime: oslo,
    event: "tick: its nodes are lost, and the others are held back",
    outcome: "blocked nodes-lost",
    names: "authKey1",
    online: 0,
  });
  const message = told[0]?.message ?? "";
  for (const part of ["oslo-1", "oslo-2", "give those nodes the published key"]) {
    claim(`what the app says of oslo names: ${part}`, message.includes(part), true);
  }
  console.log(aside(`message: ${message}`));
  tellWaiting(waiting, { rollout: 0, braked: 2, paused: 0 });
  const status = await stage.status(app);
  const states = Object.fromEntries(status.map((line) => [nameOf(line.runtime), outcomeOf(line)]));
  claim("GET /api/status", states, {
    oslo: "nodes-lost nodes-lost",
    porto: "due braked",
    vienna: "due braked",
  });
  console.log(aside("GET /api/status: oslo nodes-lost; porto and vienna due, braked"));
}

/** With the script on them, nodes follow the vault by themselves. */
async function healing(stage: Stage, app: Host): Promise<void> {
  const { clock } = stage.azure;
  const runScripts = () => {
    clock.advance(HOUR);
    for (const runtime of withNodes) playNodeScript(stage.azure, runtime);
  };
  clock.advance(6 * HOUR);
  runScripts();
  const byHand = "(by hand)";
  stage.show(
    {
      runtime: oslo,
      event: "somebody puts the node script on all six nodes",
      outcome: byHand,
      names: "authKey1",
      online: 2,
    },
    byHand,
  );
  console.log(
    aside(
      "(the script is played here, once an hour after each tick: a node takes the key that the vault names; `npm run test:nodes` runs the real nodes/Sync-IntegrationRuntimeKey.ps1)",
    ),
  );
  const lostUntilNow = { ...stage.watch.nodesLost };
  claim("runtimes that have lost nodes until now", Object.keys(lostUntilNow), ["oslo"]);

  const one = due(porto, "tick: oslo is healed, the next one goes", "authKey1", 2);
  tellWaiting((await stage.tickOn(app, "2026-08-02", one)).waiting, { rollout: 1, braked: 0, paused: 0 });
  runScripts();
  await stage.tickOn(app, "2026-08-03", due(vienna, "tick: its nodes stayed online", "authKey1", 2));
  runScripts();
  // Three days more, in which a node whose key is dead would show it.
  await stage.quietUntil(app, "2026-08-07", runScripts);
  claim("no node was lost once the script was on it", stage.watch.nodesLost, lostUntilNow);
}

function tellWaiting(waiting: Record<string, number> | undefined, expected: Record<string, number>): void {
  claim("rotations that the run tells to wait", waiting, expected);
  console.log(aside(`log line rotation.run: "waiting":${JSON.stringify(waiting)}`));
}
