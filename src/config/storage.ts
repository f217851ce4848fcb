/** Reads how to reach the app's own storage account, with the precedence that the Functions host gives the settings. */
import { clientId } from "./clientId.ts";
import { flawOf } from "./connectionString.ts";
import { type Problems, parsedText, type Schema } from "./problems.ts";
import { blobServiceUrl } from "./urls.ts";

export type StorageConfig =
  | { readonly kind: "connectionString"; readonly connectionString: string }
  | { readonly kind: "identity"; readonly blobServiceUrl: string; readonly clientId: string | undefined };

const NAME = "AzureWebJobsStorage";
const EXAMPLE = '"DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…;EndpointSuffix=core.windows.net"';

const accountName = parsedText(
  "the name of a storage account: 3 to 24 lower-case letters and digits",
  (text) => (/^[a-z0-9]{3,24}$/.test(text) ? text : undefined),
);

// The host ignores its case.
const credential = parsedText('"managedidentity", or leave it out', (text) =>
  text.toLowerCase() === "managedidentity" ? text : undefined,
);

const OURS = ["blobServiceUri", "accountName", "credential", "clientId"];
// Used by the host alone, to reach the account's other services.
const OF_HOST = ["queueServiceUri", "tableServiceUri"];

export function readStorage(
  setting: (name: string) => string | undefined,
  names: readonly string[],
  problems: Problems,
): StorageConfig | undefined {
  const connectionString = setting(NAME);
  if (connectionString !== undefined) {
    const flaw = flawOf(connectionString);
    if (flaw === undefined) return { kind: "connectionString", connectionString };
    problems.add(NAME, `the value (not shown: it may hold a key) ${flaw}; give one such as ${EXAMPLE}`);
    return undefined;
  }

  const present = names.filter((name) => setting(name) !== undefined);
  refuseUnknown(present, problems);
  const optional = <T>(suffix: string, schema: Schema<T>) => {
    const value = setting(`${NAME}__${suffix}`);
    return value === undefined ? undefined : problems.read(`${NAME}__${suffix}`, schema, value);
  };
  optional("credential", credential);
  const account = optional("accountName", accountName);
  const identity = optional("clientId", clientId);
  const url =
    optional("blobServiceUri", blobServiceUrl) ?? (account && `https://${account}.blob.core.windows.net`);
  if (url !== undefined) return { kind: "identity", blobServiceUrl: url, clientId: identity };
  if (!present.includes(`${NAME}__blobServiceUri`) && !present.includes(`${NAME}__accountName`)) {
    problems.add(
      NAME,
      `missing; give a connection string, or ${NAME}__blobServiceUri or ${NAME}__accountName to use an identity`,
    );
  }
  return undefined;
}

/**
 * Refuses settings that the host may act on and this app does not: `__managedIdentityResourceId`, `__tenantId`, or a
 * name in another case. With one of them the two would sign in as different identities, or to different accounts.
 */
function refuseUnknown(names: readonly string[], problems: Problems): void {
  const known = [...OURS, ...OF_HOST].map((suffix) => `${NAME}__${suffix}`);
  const prefix = `${NAME}__`.toLowerCase();
  for (const name of names) {
    if (!name.toLowerCase().startsWith(prefix) || known.includes(name)) continue;
    problems.add(
      name,
      `the Functions host may use this setting, but this app does not; the settings that both use are ${known.join(", ")}`,
    );
  }
}
