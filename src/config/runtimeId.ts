/** The ARM id of an integration runtime. A second provider of such runtimes adds its form here. */
import { parsedText, Refusal, refusalOf, type Schema } from "./problems.ts";

export interface RuntimeId {
  /** As configured. */
  readonly text: string;
  /** In lower case: Azure returns ids with changed case, so compare by this. */
  readonly key: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** The kind of service that the runtime belongs to, as ARM names its provider. */
  readonly provider: "Microsoft.DataFactory";
  /** What the runtime belongs to: its factory. */
  readonly parent: string;
  readonly name: string;
}

/** What an ARM id looks like, for messages. */
export const ARM_ID_FORMAT =
  "/subscriptions/{guid}/resourceGroups/{group}/providers/Microsoft.DataFactory/factories/{factory}/integrationRuntimes/{runtime}";

const ARM_ID =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.DataFactory\/factories\/([^/]+)\/integrationRuntimes\/([^/]+)$/i;

export const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const RESOURCE_GROUP_NAME = /^[-\w.()]{0,89}[-\w()]$/;
const FACTORY_OR_RUNTIME = /^(?=.{3,63}$)[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*$/;
const FACTORY_OR_RUNTIME_FORMAT = "3 to 63 letters and digits, optionally with single hyphens between them";

/** The name of a part of an id, its pattern, and a description of what is accepted. */
type Part = readonly [name: string, pattern: RegExp, accepted: string];
export const SUBSCRIPTION: Part = ["subscription", GUID, "a GUID"];
export const RESOURCE_GROUP: Part = [
  "resource group",
  RESOURCE_GROUP_NAME,
  "at most 90 letters, digits and characters of -_.() that do not end in a dot",
];
export const FACTORY: Part = ["factory", FACTORY_OR_RUNTIME, FACTORY_OR_RUNTIME_FORMAT];
export const RUNTIME: Part = ["integration runtime", FACTORY_OR_RUNTIME, FACTORY_OR_RUNTIME_FORMAT];

/** What is wrong with the given parts of an id, one by one because the whole id is too long to quote; undefined if nothing is. */
export function refusalOfParts(
  ...parts: readonly [part: Part, value: string | undefined][]
): Refusal | undefined {
  const refused = parts
    .filter(([[, pattern], value]) => value !== undefined && !pattern.test(value))
    .map(([[name, , accepted], value]) => `the ${name} ${refusalOf(value, accepted)}`);
  return refused.length > 0 ? new Refusal(...refused) : undefined;
}

/** A schema of the ARM ids of integration runtimes. */
export const runtimeId: Schema<RuntimeId> = parsedText(`an ARM id: ${ARM_ID_FORMAT}`, parseRuntimeId);

/** The runtime that an ARM id names, or what is wrong with its parts; undefined for any other text. */
export function parseRuntimeId(text: string): RuntimeId | Refusal | undefined {
  const parts = ARM_ID.exec(text);
  if (!parts) return undefined;
  const [, subscriptionId = "", resourceGroup = "", factory = "", name = ""] = parts;
  const refusal = refusalOfParts(
    [SUBSCRIPTION, subscriptionId],
    [RESOURCE_GROUP, resourceGroup],
    [FACTORY, factory],
    [RUNTIME, name],
  );
  if (refusal !== undefined) return refusal;
  return {
    text,
    key: text.toLowerCase(),
    provider: "Microsoft.DataFactory",
    subscriptionId,
    resourceGroup,
    parent: factory,
    name,
  };
}
