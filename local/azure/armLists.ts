import { isDenied } from "./model/access.ts";
import { type GuardedOperation, NEEDS } from "./model/needs.ts";
import type { HttpRequest } from "./proxy.ts";
import type { World } from "./world.ts";

/**
 * One page of a list: those of `found`, in the order of their ids, that the caller may read. The link to the
 * next page holds the last id, so that what comes and goes between two pages neither doubles nor hides another.
 */
export function listPage<T extends { id: string }>(
  { state }: World,
  { host, path, query }: HttpRequest,
  operation: GuardedOperation,
  found: readonly T[],
  describe: (item: T) => object,
): object {
  const after = Buffer.from(query.get("$skiptoken") ?? "", "base64url").toString();
  const rest = found.filter(
    ({ id }) => id.toLowerCase() > after && !isDenied(state.denials, NEEDS[operation].action, id),
  );
  const page = rest.slice(0, state.dataFactory.pageSize);
  const value = page.map(describe);
  const last = page.at(-1);
  if (last === undefined || rest.length === page.length) return { value };
  const next = new URLSearchParams(query);
  next.set("$skiptoken", Buffer.from(last.id.toLowerCase()).toString("base64url"));
  return { value, nextLink: `https://${host}${encodeURI(path)}?${next}` };
}
