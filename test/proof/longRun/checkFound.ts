import { covers } from "../../../src/config/foundRuntime.ts";
import type { RunResult } from "../shared/run.ts";
import { count, type Run, type Runtime, type World } from "./world.ts";

/**
 * A tick works on what has an entry and on what its lists told, and on nothing else: what has come is adopted, what has
 * gone is missed by nobody, and a scope that failed costs what it did not tell.
 */
export function* checkFound(
  world: World,
  { asked, listed }: Run,
  { runtimes, request: { scopes = [] } }: RunResult,
): Generator<[Runtime, string]> {
  if (asked.request !== "timer") return;
  const told = new Set(listed.flatMap(({ found }) => found));
  const worked = new Set(runtimes.map(({ config }) => config.id.key));
  const failed = listed.filter((one) => one.failed).map(({ pattern }) => pattern);
  const saidToFail = scopes.filter(({ outcome }) => outcome === "failed").map(({ scope }) => scope);
  const wrong =
    saidToFail.find((scope) => !failed.includes(scope)) ??
    failed.find((scope) => !saidToFail.includes(scope));
  if (wrong) yield [world.records[0]!, `a tick tells the wrong thing of the scope ${wrong}`];
  const { runtimes: own, patterns } = world.config;
  for (const record of world.records) {
    const { id } = record.config;
    const isFound = told.has(id.key) || own.some((one) => one.id.key === id.key);
    if (worked.has(id.key) && !isFound) yield [record, "a tick works on a runtime that nobody told it of"];
    if (!worked.has(id.key) && isFound) yield [record, "a tick leaves out a runtime that was found"];
    if (isFound || !failed.some((text) => patterns.some((one) => one.text === text && covers(one, id))))
      continue;
    record.wrongAt = world.scheduler.now;
    count(world, "left out where a scope failed");
  }
}
