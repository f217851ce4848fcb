/** Reads an entry of RUNTIMES that is a pattern. */
import * as z from "zod/mini";
import { type Problems, parsedText, Refusal, refusalOf, type ValidPart } from "./problems.ts";
import {
  FACTORY,
  parseRuntimeId,
  RESOURCE_GROUP,
  RUNTIME,
  type RuntimeId,
  refusalOfParts,
  SUBSCRIPTION,
} from "./runtimeId.ts";
import {
  type Draft,
  type Inherited,
  type RuntimeSettings,
  readRuntimeSettings,
  SETTINGS,
} from "./runtimeSettings.ts";

/** Where runtimes are looked for: in one factory, in all of a resource group, or in all of a subscription. */
export interface RuntimeScope {
  readonly provider: RuntimeId["provider"];
  readonly subscriptionId: string;
  readonly resourceGroup: string | undefined;
  readonly factory: string | undefined;
}

/** Stands for every self-hosted runtime that is in its scope when a run begins and is not linked. */
export interface RuntimePattern {
  /** Its id as configured. */
  readonly text: string;
  readonly scope: RuntimeScope;
  /** Runtimes to leave out: their text as configured, by ARM id or name in lower case. */
  readonly except: ReadonlyMap<string, string>;
  readonly settings: RuntimeSettings;
}

/** A pattern as far as it could be read. */
export interface PatternDraft {
  readonly text: string;
  readonly scope: RuntimeScope | undefined;
  readonly except: ReadonlyMap<string, string>;
  readonly settings: Draft<RuntimeSettings>;
}

/** What the app's identity needs to find runtimes, for messages. */
export const RIGHTS_TO_LIST =
  "Microsoft.DataFactory/factories/read and Microsoft.DataFactory/factories/integrationruntimes/read";

const PROVIDER = "providers/Microsoft.DataFactory/factories";
const PATTERN_FORMAT = `a pattern, in which "*" stands for all: /subscriptions/{guid}/resourceGroups/{group}/${PROVIDER}/{factory}/integrationRuntimes/*, or "*" for {factory} too, with or without /resourceGroups/{group}`;

const PATTERN =
  /^\/subscriptions\/([^/]+)(?:\/resourceGroups\/([^/]+))?\/providers\/Microsoft\.DataFactory\/factories\/([^/]+)\/integrationRuntimes\/\*$/i;

const scope = parsedText<RuntimeScope>(PATTERN_FORMAT, (text) => {
  const parts = PATTERN.exec(text);
  if (!parts) return undefined;
  const [, subscriptionId = "", resourceGroup, factoryOrAll = ""] = parts;
  const factory = factoryOrAll === "*" ? undefined : factoryOrAll;
  // Without its group, the runtimes of a factory cannot be listed.
  if (factory !== undefined && resourceGroup === undefined) return undefined;
  const refusal = refusalOfParts(
    [SUBSCRIPTION, subscriptionId],
    [RESOURCE_GROUP, resourceGroup],
    [FACTORY, factory],
  );
  return refusal ?? { provider: "Microsoft.DataFactory", subscriptionId, resourceGroup, factory };
});

const EXCEPTION = "the ARM id or the name of a runtime";
const exception = parsedText<readonly [key: string, text: string]>(EXCEPTION, (text) => {
  const isId = text.includes("/");
  const read = isId ? parseRuntimeId(text) : refusalOfParts([RUNTIME, text]);
  if (read instanceof Refusal) return read;
  return isId && read === undefined ? undefined : [text.toLowerCase(), text];
});

const ENTRY = {
  id: scope,
  except: z.optional(
    z.array(exception, {
      error: (issue) => refusalOf(issue.input, "a list of ARM ids or names of runtimes"),
    }),
  ),
  ...SETTINGS,
};

/** Reads an entry whose id contains a `*`, and adds everything that is wrong with it to `problems`. */
export function readRuntimePattern(
  place: string,
  entry: string | Readonly<Record<string, unknown>>,
  inherited: Inherited,
  problems: Problems,
): PatternDraft {
  const own: ValidPart<typeof ENTRY> =
    typeof entry === "string"
      ? { id: problems.read(place, scope, entry) }
      : problems.readObject(place, ENTRY, PATTERN_FORMAT, entry);
  return {
    text: `${typeof entry === "string" ? entry : entry.id}`,
    scope: own.id,
    except: new Map(own.except),
    settings: readRuntimeSettings(place, entry, own, inherited, problems),
  };
}
