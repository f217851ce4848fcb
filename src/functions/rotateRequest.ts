/** Reads the body of POST /api/rotate: which runtimes a caller means. */
import * as z from "zod/mini";
import type { Config, RuntimeConfig, RuntimePattern } from "../config/config.ts";
import { configFor } from "../config/foundRuntime.ts";
import { parseJson } from "../config/parseJson.ts";
import { isObject, Problems, Refusal, refusalOf } from "../config/problems.ts";
import { quote } from "../config/quote.ts";
import { parseRuntimeId } from "../config/runtimeId.ts";
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
 * @throws {RequestError} with every problem at once.
 */
export function parseRotateRequest(body: string, config: Pick<Config, "runtimes">): RunRequest;
/** @returns undefined where the runtimes that patterns stand for have to be found first */
export function parseRotateRequest(
  body: string,
  config: Pick<Config, "runtimes" | "patterns">,
): RunRequest | undefined;
export function parseRotateRequest(
  body: string,
  config: Pick<Config, "runtimes"> & Partial<Pick<Config, "patterns">>,
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
  const { runtimes, patterns = [] } = config;
  // By id: each name for a runtime that a pattern covers makes a configuration of its own.
  const chosen = new Map((all ? runtimes : []).map((runtime) => [runtime.id.key, runtime]));
  const known = runtimesByName(runtimes);
  let needsDiscovery = all && patterns.length > 0;
  for (const [name, place] of firstPlaces(names ?? [], mistakes)) {
    if (name === ALL) continue;
    const covered = coveredBy(name, patterns);
    const [found, ...others] = known.get(name.toLowerCase()) ?? (covered ? [covered] : []);
    // A name that is no id may be another runtime's too.
    needsDiscovery ||= patterns.length > 0 && !name.includes("/");
    if (found === undefined) {
      unknown.add(place, `no configured runtime is called ${quote(name)}; GET /api/status lists them`);
    } else if (others.length > 0) {
      const ids = [found, ...others.slice(0, 2)].map(({ id }) => id.text).join(", ");
      const more = others.length > 2 ? ` and ${others.length - 2} more` : "";
      mistakes.add(
        place,
        `${quote(name)} could be several runtimes; give the ARM id of the one you mean: ${ids}${more}`,
      );
    } else chosen.set(found.id.key, found);
  }

  if (needsDiscovery && mistakes.list.length === 0) return undefined;
  const problems = [...mistakes.list, ...unknown.list];
  if (problems.length > 0) throw new RequestError(mistakes.list.length > 0 ? 400 : 404, problems);
  return {
    kind: compromised ? "compromised" : "on-demand",
    runtimes: [...chosen.values()],
    named: !all,
    dryRun,
  };
}

/** Notes where no runtime is named although one has to be. */
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

/** Each name once, with the first place where it stands, so that a repeated mistake is answered once. */
function firstPlaces(names: readonly unknown[], mistakes: Problems): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  names.forEach((name, index) => {
    const place = `body.runtimes[${index}]`;
    const text = mistakes.read(place, nameOfRuntime, name);
    if (text !== undefined && !places.has(text)) places.set(text, place);
  });
  return places;
}

/** The runtimes by each name that a caller may give them, in lower case; several may share one. */
function runtimesByName(runtimes: readonly RuntimeConfig[]): ReadonlyMap<string, readonly RuntimeConfig[]> {
  const byName = new Map<string, RuntimeConfig[]>();
  for (const runtime of runtimes) {
    const { id, secretName } = runtime;
    for (const name of new Set([id.key, id.name.toLowerCase(), secretName.toLowerCase()])) {
      const others = byName.get(name);
      if (others === undefined) byName.set(name, [runtime]);
      else others.push(runtime);
    }
  }
  return byName;
}

/** A runtime that is named by its id and that a pattern stands for, whether or not it is found. */
function coveredBy(name: string, patterns: readonly RuntimePattern[]): RuntimeConfig | undefined {
  const id = parseRuntimeId(name);
  return id === undefined || id instanceof Refusal ? undefined : configFor(id, { runtimes: [], patterns });
}
