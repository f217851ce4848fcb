import type { AppProcess } from "../shared/appProcess.ts";
import { type RequestKind, showsSecret } from "../shared/run.ts";
import { scenarios } from "./scenarios.ts";
import type { Stage } from "./stage.ts";
import { steady } from "./subject.ts";
import { Watch } from "./watch.ts";

const DAY = 86_400_000;
const IDS = ["crowd1", "crowd2", "crowd3", "crowd4"];
const scenario = { ...scenarios[0]!, mints: Number.POSITIVE_INFINITY };

export type CrowdFigures = Awaited<ReturnType<typeof playCrowd>>;

/**
 * Processes of the built app that work on the same runtimes at once; in every other round one is killed at some call
 * of whichever. In the end two ticks that nobody disturbs leave all well. Moves the clock of the whole Azure.
 */
export async function playCrowd(stage: Stage, rounds: number) {
  const { azure } = stage;
  for (const id of IDS) steady(azure, id);
  const watches = IDS.map((id) => new Watch(stage, id, scenario));
  const start = () => stage.start(...IDS);
  const apps = await Promise.all([start(), start(), start()]);
  const violations: string[] = [];
  let kills = 0;
  let text = "";

  const ask = async (app: AppProcess, request: RequestKind, names: readonly string[]) => {
    const told = await app.run(request, names);
    for (const { runtime, outcome, reason } of told ?? []) {
      if (outcome === "failed") violations.push(`contract: ${runtime} ${outcome}, ${reason}`);
    }
    return told;
  };
  for (let round = 0; round < rounds; round += 1) {
    azure.clock.advance(31 * DAY);
    const [first, second, third] = apps as [AppProcess, AppProcess, AppProcess];
    const victim = apps[round % apps.length]!;
    // A compromise call would wait for the lease of a dead run, and that would end in real time.
    const isKilling = round % 2 === 0;
    const at = azure.faults.inject({
      operation: ["getSecret", "listAuthKeys", "updateSecret", "regenerateAuthKey", "setSecret"],
      resource: "crowd",
      attempt: 1 + ((round * 13) % 60),
      when: round % 4 === 0 ? "before" : "after",
      fault: () => void (isKilling && victim.kill()),
    });
    for (const each of watches) each.begins(isKilling ? "on-demand" : "compromised", false);
    await Promise.all([
      ask(first, "timer", []),
      ask(second, isKilling ? "timer" : "compromised", IDS.slice(0, 2)),
      ask(third, "on-demand", IDS.slice(1)),
    ]);
    at.remove();
    for (const watch of watches) await watch.expire();
    if (!victim.killed) continue;
    kills += 1;
    text += victim.text();
    apps[apps.indexOf(victim)] = await start();
  }
  // Two quiet ticks leave all well, and a third finds nothing to do.
  const last = apps[0]!;
  for (let tick = 0; tick < 2; tick += 1) await ask(last, "timer", []);
  const versions = () => watches.flatMap(({ record }) => record.versions).length;
  const had = versions();
  if ((await ask(last, "timer", []))?.length !== 0) violations.push("promise 5: a third tick finds work");
  if (versions() !== had) violations.push("promise 5: a third tick writes");
  for (const [index, watch] of watches.entries()) {
    watch.finish();
    violations.push(...watch.violations.map((one) => `${IDS[index]}: ${one}`));
  }
  for (const app of apps) text += app.text();
  if (showsSecret(text)) violations.push("promise 9: a process lets a value out");
  await Promise.all(apps.map((app) => app.kill()));
  const regenerates = watches.reduce((sum, { minted }) => sum + minted, 0);
  if (kills === 0 || regenerates < rounds) violations.push("nothing was put to the test");
  return { rounds, kills, regenerates, violations: violations.map((text) => `processes at once: ${text}`) };
}
