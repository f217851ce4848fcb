import { isUtf8 } from "node:buffer";
import { type Flaw, shownAs } from "./checkProblems.ts";
import { type Configured, namesOf } from "./configured.ts";

export interface Refused {
  readonly status: 400 | 404;
  readonly flaws: readonly Flaw[];
}

export interface Accepted {
  /** ARM ids of those that are chosen, in order. */
  readonly runtimes: readonly string[];
  /** Whether they were named one by one. */
  readonly named: boolean;
  readonly dryRun: boolean;
  readonly compromised: boolean;
}

const MOST_BYTES = 65_536;
const FLAGS = ["dryRun", "compromised"] as const;

/** What the contract says of a body, written once more without the code that is checked. */
export function readBody(bytes: Uint8Array, configured: readonly Configured[]): Refused | Accepted {
  const all = configured.map(({ id }) => id);
  const none = (...flaws: Flaw[]): Refused => ({ status: 400, flaws });
  if (bytes.length > MOST_BYTES) return none({ place: "body", shown: "longer than 64 KiB" });
  if (!isUtf8(bytes)) return none({ place: "body", shown: "not valid UTF-8; " });
  // A byte order mark before it is forgiven, and what JSON takes for white space around it.
  const text = Buffer.from(bytes)
    .toString()
    .replace(/^\uFEFF/, "")
    .replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
  let value: unknown = {};
  try {
    if (text !== "") value = JSON.parse(text);
  } catch {
    return none({ place: "body", shown: "not valid JSON: " });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return none({ place: "body", shown: shownAs(value) });
  }

  const wrong: Flaw[] = [];
  const { runtimes, dryRun, compromised, ...others } = value as Record<string, unknown>;
  // Of many unknown properties, it is enough to show some.
  for (const name of Object.keys(others).slice(0, 3)) wrong.push({ place: "body", shown: shownAs(name) });
  for (const [index, flag] of [dryRun, compromised].entries()) {
    if (flag !== undefined && typeof flag !== "boolean") {
      wrong.push({ place: `body.${FLAGS[index]}`, shown: shownAs(flag) });
    }
  }
  if (compromised === true && runtimes === undefined) {
    wrong.push({ place: "body.compromised", shown: "true needs body.runtimes" });
  }
  if (runtimes === undefined && compromised !== true && (dryRun === undefined || dryRun === false)) {
    wrong.push({ place: "body.runtimes", shown: "missing" });
  }
  const isList = Array.isArray(runtimes) && runtimes.length > 0;
  if (runtimes !== undefined && !isList) {
    wrong.push({
      place: "body.runtimes",
      shown: Array.isArray(runtimes) ? "an empty list" : shownAs(runtimes),
    });
  }
  const named = isList && !runtimes.includes("*");
  if (isList && !named && (runtimes.length > 1 || compromised === true)) {
    wrong.push({ place: `body.runtimes[${runtimes.indexOf("*")}]`, shown: '"*"' });
  }
  const names = isList ? runtimes.map((name) => (name === "*" ? all[0] : name)) : [];
  const chosen = named ? choose(runtimes, configured) : { ...choose(names, configured), ids: all };
  wrong.push(...chosen.wrong);
  if (wrong.length + chosen.unknown.length === 0) {
    return { runtimes: chosen.ids, named, dryRun: dryRun === true, compromised: compromised === true };
  }
  return { status: wrong.length > 0 ? 400 : 404, flaws: [...wrong, ...chosen.unknown] };
}

function choose(names: readonly unknown[], configured: readonly Configured[]) {
  const ids = new Set<string>();
  const wrong: Flaw[] = [];
  const unknown: Flaw[] = [];
  for (const [index, name] of names.entries()) {
    const place = `body.runtimes[${index}]`;
    // A name that was there before has had its answer.
    if (typeof name === "string" && names.indexOf(name) < index) continue;
    const found =
      typeof name === "string"
        ? configured.filter((one) => namesOf(one).some((own) => own.toLowerCase() === name.toLowerCase()))
        : undefined;
    const [first, ...more] = found ?? [];
    if (found === undefined) wrong.push({ place, shown: shownAs(name) });
    else if (first === undefined) unknown.push({ place, shown: shownAs(name) });
    else if (more.length > 0) wrong.push({ place, shown: more.at(-1)?.id });
    else ids.add(first.id);
  }
  return { ids: [...ids], wrong, unknown };
}
