import { parsedText, type Schema } from "./problems.ts";

// Stricter than the URL parser, which repairs what is probably a mistake ("https:host", "https://host\path").
const HTTPS_ORIGIN = /^https:\/\/[^\s/?#@\\]+\/?$/i;
const BLOB_SERVICE = /^https?:\/\/[^\s/?#@\\]+(?:\/[^\s?#@\\]*)?$/i;
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** A schema of https URLs that are no more than a host; the result has no trailing slash and a lower-case host. */
export function httpsHost(example: string): Schema<string> {
  return parsedText(`an https URL of a host and nothing after it, such as "${example}"`, (text) =>
    HTTPS_ORIGIN.test(text) ? parsed(text)?.origin : undefined,
  );
}

/** Where a secret is, as Key Vault words it. */
export function secretUrl({ vaultUrl, secretName }: { vaultUrl: string; secretName: string }): string {
  return `${vaultUrl}/secrets/${secretName}`;
}

/** A schema of the URL of a blob service; http is only for an emulator on this machine, which has a path. */
export const blobServiceUrl: Schema<string> = parsedText(
  'the https URL of a blob service without a query, such as "https://mystorage.blob.core.windows.net"',
  (text) => {
    const url = BLOB_SERVICE.test(text) ? parsed(text) : undefined;
    if (!url || (url.protocol === "http:" && !LOOPBACK.test(url.hostname))) return undefined;
    return url.href.replace(/\/+$/, "");
  },
);

function parsed(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  // "host." and "host" are one server but two names: a duplicate would go unseen.
  return url.hostname.endsWith(".") ? undefined : url;
}
