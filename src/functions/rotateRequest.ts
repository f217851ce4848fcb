/** Reads the body of POST /api/rotate: which runtimes a caller means. */
import * as z from "zod/mini";
import type { Config } from "../config/config.ts";
import { findRuntimes } from "../config/findRuntimes.ts";
import { parseJson } from "../config/parseJson.ts";
import { isObject, Problems, refusalOf } from "../config/problems.ts";
import { quote } from "../config/quote.ts";
import type { RuntimeConfig } from "../config/runtimeEntry.ts";
import type { RunRequest } from "../plan/runRequest.ts";

/** The body cannot be used: 404 if the only mistake is that names match no runtime, else 400. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly status: 400 | 404;
  readonly problems: readonly string[];

  constructor(status: 400 | 404, problems: readonly string[]) {
    super(problems.join("\n"));
    this.status = status;
    this.problems = problems;
  }
}

/** Means all runtimes, and stands alone in the list. */
const ALL = "*";
const NAMES = `a list of ARM ids, secret names or runtime names, or ["${ALL}"] for all runtimes`;

/** What a body looks like, for messages. */
export const BODY_FORMAT = 'a JSON object such as {"runtimes": ["my-runtime"], "dryRun": true}';

const error = (accepted: string) => (issue: { input?: unknown }) => refusalOf(issue.input, accepted);
const flag = z.optional(z.boolean({ error: error("true or false") }));
const BODY = {
  runtimes: z.optional(
    z
      .array(z.unknown(), { error: error(NAMES) })
      .check(z.minLength(1, { error: `an empty list is not accepted; give ${NAMES}` })),
  ),
  dryRun: flag,
  compromised: flag,
};
const nameOfRuntime = z.string({ error: error("an ARM id, a secret name or a runtime name, as text") });

/**
 * Only a dry run may leave the runtimes out: nobody is to regenerate a fleet by an empty call.
 * @returns undefined if the runtimes of patterns must be found first; never without patterns
 * @throws {RequestError} with every problem at once.
 */
export function parseRotateRequest(
  body: string,
  config: Pick<Config, "runtimes" | "patterns">,
): RunRequest | undefined {
  const mistakes = new Problems();
  const unknown = new Problems();

  // Only what JSON counts as white space: anything else in a body is a mistake.
  const json = /^[ \t\r\n]*$/.test(body) ? { value: {} } : parseJson(body);
  if ("problem" in json) throw new RequestError(400, [`body: ${json.problem}; give ${BODY_FORMAT}`]);

  const request = mistakes.readObject("body", BODY, BODY_FORMAT, json.value);
  const { runtimes: names, dryRun = false, compromised = false } = request;
  if (isObject(json.value)) noteMissingNames(json.value, compromised, mistakes);

  const all = names === undefined || names.includes(ALL);
  if (all && names !== undefined) noteMisusedAll(names, compromised, mistakes);
  const places = firstPlaces(names ?? [], mistakes);
  const named = findRuntimes(places.keys(), config);
  for (const [name, place] of places) {
    const several = named.ambiguous.get(name);
    if (several !== undefined) mistakes.add(place, ambiguity(name, several));
    if (named.unknown.has(name)) {
      unknown.add(place, `no configured runtime is called ${quote(name)}; GET /api/status lists them`);
    }
  }

  const isComplete = named.isComplete && !(all && config.patterns.length > 0);
  if (!isComplete && mistakes.list.length === 0) return undefined;
  const problems = [...mistakes.list, ...unknown.list];
  if (problems.length > 0) throw new RequestError(mistakes.list.length > 0 ? 400 : 404, problems);
  return {
    kind: compromised ? "compromised" : "on-demand",
    runtimes: all ? config.runtimes : named.runtimes,
    named: !all,
    dryRun,
  };
}

/** Reports that no runtime is named although one has to be. */
function noteMissingNames(
  { runtimes, dryRun = false }: Readonly<Record<string, unknown>>,
  compromised: boolean,
  mistakes: Problems,
): void {
  if (runtimes !== undefined) return;
  if (compromised) {
    mistakes.add("body.compromised", "true needs body.runtimes; name those whose keys are compromised");
  } else if (dryRun === false) {
    mistakes.add("body.runtimes", `missing; give ${NAMES} (only a dry run may leave it out)`);
  }
}

function noteMisusedAll(names: readonly unknown[], compromised: boolean, mistakes: Problems): void {
  const place = `body.runtimes[${names.indexOf(ALL)}]`;
  if (names.length > 1) mistakes.add(place, `"${ALL}" means all runtimes; give it alone, or leave it out`);
  if (compromised) {
    mistakes.add(
      place,
      `"${ALL}" cannot be combined with compromised; name those whose keys are compromised`,
    );
  }
}

function ambiguity(name: string, several: readonly RuntimeConfig[]): string {
  const ids = several.slice(0, 3).map(({ id }) => id.text);
  const more = several.length > ids.length ? ` and ${several.length - ids.length} more` : "";
  return `${quote(name)} could be several runtimes; give the ARM id of the one you mean: ${ids.join(", ")}${more}`;
}

/** Each name but the star once, with the first place where it stands, so that a repeated mistake is answered once. */
function firstPlaces(names: readonly unknown[], mistakes: Problems): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  names.forEach((name, index) => {
    const place = `body.runtimes[${index}]`;
    const text = mistakes.read(place, nameOfRuntime, name);
    if (text !== undefined && text !== ALL && !places.has(text)) places.set(text, place);
  });
  return places;
}
