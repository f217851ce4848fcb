import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import type { IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import type { LocalAzure } from "../../local/azure/index.ts";

/** The identities of the machine that a node runs on. */
export interface Identities {
  azure: LocalAzure;
  /** Where Arc writes its challenges. */
  tokenFolder: string;
  /** Of the user-assigned identity that a request to IMDS must name; undefined: a system-assigned one. */
  clientId: string | undefined;
  /** How Arc behaves. The last three are what an impostor on its port could do. */
  arc: "well" | "elsewhere" | "another-extension" | "long";
  challenge: string | undefined;
}

type Reply = [status: number, body: object, headers?: Record<string, string>];

/**
 * The Instance Metadata Service, and the one of Azure Arc, which has its callers prove that they can read a file:
 * https://learn.microsoft.com/azure/azure-arc/servers/managed-identity-authentication
 */
export async function answerIdentity(
  identities: Identities,
  path: string,
  query: URLSearchParams,
  headers: IncomingHttpHeaders,
): Promise<Reply> {
  if (headers.metadata !== "true")
    return [400, { error: "bad_request_102", error_description: "Required metadata header not specified" }];
  if (path === "/metadata/versions") return [200, { apiVersions: ["2018-02-01"] }];
  if (path === "/arc/metadata/identity/oauth2/token") {
    if (headers.authorization === undefined || headers.authorization !== `Basic ${identities.challenge}`) {
      return [401, {}, { "www-authenticate": `Basic realm=${await challenge(identities)}` }];
    }
    identities.challenge = undefined;
  } else if (path !== "/metadata/identity/oauth2/token") {
    return [404, { error: "not_found" }];
  } else if ((query.get("client_id") ?? undefined) !== identities.clientId) {
    return [400, { error: "invalid_request", error_description: "Identity not found" }];
  }
  const { token } = identities.azure.tokens.issue(query.get("resource") ?? "", 3600);
  return [200, { access_token: token, token_type: "Bearer" }];
}

/** Writes a new challenge. Returns the file that holds it. */
async function challenge(identities: Identities): Promise<string> {
  identities.challenge = `FAKE${randomUUID()}`;
  const folder = identities.arc === "elsewhere" ? join(identities.tokenFolder, "..") : identities.tokenFolder;
  const file = join(folder, `${randomUUID()}.${identities.arc === "another-extension" ? "txt" : "key"}`);
  await writeFile(
    file,
    identities.arc === "long" ? identities.challenge.padEnd(5000, "x") : identities.challenge,
  );
  return file;
}
