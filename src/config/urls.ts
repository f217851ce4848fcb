/** The URLs of vaults, secrets and blob services, as app settings give them and as messages show them. */
import { parsedText, type Schema } from "./problems.ts";

// Stricter than the URL parser, which repairs probable mistakes ("https:host", "https://host\path").
const HTTPS_ORIGIN = /^https:\/\/[^\s/?#@\\]+\/?$/i;
const BLOB_SERVICE = /^https?:\/(?:\/[^\s/?#@\\]+)+\/?$/i;
/** The other services of a storage account, which answer but have no leases. */
const OTHER_SERVICE = /^[^.]+\.(?:dfs|file|queue|table|web)\./;

/** A schema of https URLs of a host and nothing after it; the result is in lower case, without a trailing slash. */
export function httpsHost(example: string): Schema<string> {
  return parsedText(`an https URL of a host and nothing after it, such as "${example}"`, (text) =>
    HTTPS_ORIGIN.test(text) ? parsed(text)?.origin : undefined,
  );
}

/** A schema of URLs of a page, to which a section's name can be added. */
export const webPage: Schema<string> = parsedText(
  'the URL of a page without a fragment, such as "https://github.com/contoso/rotation/blob/main/docs/runbook.md"',
  (text) => {
    const url = /^https?:\/\/[^#]+$/i.test(text) ? parsed(text) : undefined;
    return url === undefined || url.username || url.password ? undefined : url.href;
  },
);

/** The URL of a secret, which is its id in Key Vault. */
export function secretUrl({ vaultUrl, secretName }: { vaultUrl: string; secretName: string }): string {
  return `${vaultUrl}/secrets/${secretName}`;
}

/** A schema of the https URL of a blob service: the SDK sends tokens over nothing else. */
export const blobServiceUrl: Schema<string> = parsedText(
  'the https URL of a blob service without a query, such as "https://mystorage.blob.core.windows.net"',
  (text) =>
    isBlobService(text) && /^https:/i.test(text) ? parsed(text)?.href.replace(/\/$/, "") : undefined,
);

/** True for the URL of a blob service itself, not of anything in it. An emulator has the account's name as its path. */
export function isBlobService(text: string): boolean {
  const url = BLOB_SERVICE.test(text) ? parsed(text) : undefined;
  if (url === undefined || OTHER_SERVICE.test(url.hostname)) return false;
  return url.pathname === "/" || !/^[^.]+\.blob\./.test(url.hostname);
}

function parsed(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  // "host." and "host" are one server with two names, so a duplicate would go unnoticed.
  return url.hostname.endsWith(".") ? undefined : url;
}
