import * as z from "zod/mini";
import type { Config, RuntimeConfig } from "../config/config.ts";
import { parseJson } from "../config/parseJson.ts";
import { isObject, Problems, refusalOf } from "../config/problems.ts";
import { quote } from "../config/quote.ts";
import type { RunRequest } from "../plan/runRequest.ts";

/** The body of a request cannot be used: 404 if all that is wrong is that names match no runtime, else 400. */
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

const NAMES = "a list of ARM ids, secret names or runtime names, or leave it out for all runtimes";

/** What a body may be, for messages. */
export const BODY_FORMAT =
  'a JSON object such as {"runtimes": ["my-runtime"], "dryRun": true}, or nothing at all';

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
 * Reads the body of `POST /api/rotate`; an empty one asks for all runtimes.
 * @throws {RequestError} with every problem at once.
 */
export function parseRotateRequest(body: string, config: Config): RunRequest {
  const mistakes = new Problems();
  const unknown = new Problems();

  // Only what JSON takes for white space: a body of anything else is a mistake, and not one that asks for all.
  const json = /^[ \t\r\n]*$/.test(body) ? { value: {} } : parseJson(body);
  if ("problem" in json) throw new RequestError(400, [`body: ${json.problem}; give ${BODY_FORMAT}`]);

  const request = mistakes.readObject("body", BODY, BODY_FORMAT, json.value);
  const { runtimes: names, dryRun = false, compromised = false } = request;
  if (compromised && isObject(json.value) && json.value.runtimes === undefined) {
    mistakes.add("body.compromised", "true needs body.runtimes; name those whose keys are compromised");
  }

  const chosen = new Set(names === undefined ? config.runtimes : []);
  const known = runtimesByName(config);
  for (const [name, place] of firstPlaces(names ?? [], mistakes)) {
    const [found, ...others] = known.get(name.toLowerCase()) ?? [];
    if (found === undefined) {
      unknown.add(place, `${quote(name)} is none of the configured runtimes; GET /api/status lists them`);
    } else if (others.length > 0) {
      const ids = [found, ...others.slice(0, 2)].map(({ id }) => id.text).join(", ");
      const more = others.length > 2 ? ` and ${others.length - 2} more` : "";
      mistakes.add(
        place,
        `${quote(name)} could be several runtimes; give the ARM id of the one you mean: ${ids}${more}`,
      );
    } else chosen.add(found);
  }

  const problems = [...mistakes.list, ...unknown.list];
  if (problems.length > 0) throw new RequestError(mistakes.list.length > 0 ? 400 : 404, problems);
  return { kind: compromised ? "compromised" : "on-demand", runtimes: [...chosen], dryRun };
}

/** Each name once, with the place where it is first: however long the list, each gets one answer. */
function firstPlaces(names: readonly unknown[], mistakes: Problems): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  names.forEach((name, index) => {
    const place = `body.runtimes[${index}]`;
    const text = mistakes.read(place, nameOfRuntime, name);
    if (text !== undefined && !places.has(text)) places.set(text, place);
  });
  return places;
}

/** All that a runtime may be called, in lower case, and by how many. */
function runtimesByName(config: Config): ReadonlyMap<string, readonly RuntimeConfig[]> {
  const byName = new Map<string, RuntimeConfig[]>();
  for (const runtime of config.runtimes) {
    const { id, secretName } = runtime;
    for (const name of new Set([id.key, id.name.toLowerCase(), secretName.toLowerCase()])) {
      byName.set(name, [...(byName.get(name) ?? []), runtime]);
    }
  }
  return byName;
}
