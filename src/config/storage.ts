import { type Problems, parsedText, type Schema } from "./problems.ts";
import { blobServiceUrl } from "./urls.ts";

/** How to reach the app's own storage account, where the locks are. */
export type StorageConfig =
  | { readonly kind: "connectionString"; readonly connectionString: string }
  | { readonly kind: "identity"; readonly blobServiceUrl: string; readonly clientId: string | undefined };

const NAME = "AzureWebJobsStorage";
const CONNECTION_STRING = /^\s*\w+\s*=[^;]+(?:;\s*\w+\s*=[^;]+)*;?\s*$/;

const accountName = parsedText(
  "the name of a storage account: 3 to 24 lower-case letters and digits",
  (text) => (/^[a-z0-9]{3,24}$/.test(text) ? text : undefined),
);

// The host compares it without regard to case.
const credential = parsedText('"managedidentity", or leave it out', (text) =>
  text.toLowerCase() === "managedidentity" ? text : undefined,
);

/** Reads the settings of the app's storage account, with the precedence that the Functions host gives them. */
export function readStorage(
  setting: (name: string) => string | undefined,
  problems: Problems,
): StorageConfig | undefined {
  const connectionString = setting(NAME);
  if (connectionString !== undefined) {
    if (CONNECTION_STRING.test(connectionString)) return { kind: "connectionString", connectionString };
    problems.add(
      NAME,
      'the value (not shown: it may hold a key) is not a connection string; give one, such as "DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…;EndpointSuffix=core.windows.net"',
    );
    return undefined;
  }

  const optional = <T>(suffix: string, schema: Schema<T>) => {
    const value = setting(`${NAME}__${suffix}`);
    return value === undefined ? undefined : problems.read(`${NAME}__${suffix}`, schema, value);
  };
  const given = (suffix: string) => setting(`${NAME}__${suffix}`) !== undefined;

  optional("credential", credential);
  const account = optional("accountName", accountName);
  const url =
    optional("blobServiceUri", blobServiceUrl) ?? (account && `https://${account}.blob.core.windows.net`);
  if (url !== undefined) {
    return { kind: "identity", blobServiceUrl: url, clientId: setting(`${NAME}__clientId`) };
  }
  if (!given("blobServiceUri") && !given("accountName")) {
    problems.add(
      NAME,
      `missing; give a connection string, or ${NAME}__blobServiceUri or ${NAME}__accountName to use an identity`,
    );
  }
  return undefined;
}
