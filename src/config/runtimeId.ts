/** The ARM id of an integration runtime. A second provider of such runtimes adds its form here. */
import { parsedText, Refusal, refusalOf, type Schema } from "./problems.ts";

/** Names one self-hosted integration runtime by its ARM id. */
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
const RESOURCE_GROUP = /^[-\w.()]{0,89}[-\w()]$/;
const FACTORY_OR_RUNTIME = /^(?=.{3,63}$)[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*$/;
const FACTORY_OR_RUNTIME_FORMAT =
  "3 to 63 letters and digits, with single hyphens between them where you like";

/** A schema of the ARM ids of integration runtimes. An id is too long to be shown whole, so messages name its part. */
export const runtimeId: Schema<RuntimeId> = parsedText(`an ARM id: ${ARM_ID_FORMAT}`, (text) => {
  const parts = ARM_ID.exec(text);
  if (!parts) return undefined;
  const [, subscriptionId = "", resourceGroup = "", factory = "", name = ""] = parts;

  const refused: string[] = [];
  const check = (part: string, value: string, pattern: RegExp, accepted: string) => {
    if (!pattern.test(value)) refused.push(`the ${part} ${refusalOf(value, accepted)}`);
  };
  check("subscription", subscriptionId, GUID, "a GUID");
  check(
    "resource group",
    resourceGroup,
    RESOURCE_GROUP,
    "at most 90 letters, digits and characters of -_.() that do not end in a dot",
  );
  check("factory", factory, FACTORY_OR_RUNTIME, FACTORY_OR_RUNTIME_FORMAT);
  check("integration runtime", name, FACTORY_OR_RUNTIME, FACTORY_OR_RUNTIME_FORMAT);
  if (refused.length > 0) return new Refusal(...refused);

  return {
    text,
    key: text.toLowerCase(),
    provider: "Microsoft.DataFactory",
    subscriptionId,
    resourceGroup,
    parent: factory,
    name,
  };
});
