/** Checks a storage connection string before the SDK does, which is only when it first needs a lease. */
import { isBlobService } from "./urls.ts";

/**
 * What keeps the storage SDK from using a connection string, or undefined. The first lease may be needed weeks after the
 * mistake was made. The SDK requires more than other clients do: a protocol, a suffix, and every name as it is spelled
 * here.
 */
export function flawOf(text: string): string | undefined {
  const elements = text
    .split(";")
    .map((element) => element.trim())
    .filter((element) => element !== "");
  if (elements.length === 0 || !elements.every((element) => /^\w+=/.test(element))) {
    return "is not a connection string";
  }
  const read: Read = (name) =>
    elements.find((element) => element.startsWith(`${name}=`))?.slice(name.length + 1) || undefined;

  // The SDK looks only at how the text begins.
  if (text.startsWith("UseDevelopmentStorage=true")) {
    const proxy = read("DevelopmentStorageProxyUri") ?? "http://localhost";
    return elements[0] === "UseDevelopmentStorage=true" && URL.canParse(proxy)
      ? undefined
      : 'has something other than a proxy\'s URL after "UseDevelopmentStorage=true"';
  }
  // This is how the SDK decides which of the two it has.
  const isOfAccount = text.includes("DefaultEndpointsProtocol=") && text.includes("AccountKey=");
  return isOfAccount ? flawOfAccount(read) : flawOfSignature(read);
}

type Read = (name: string) => string | undefined;

function flawOfAccount(read: Read): string | undefined {
  const [account, suffix, endpoint] = [read("AccountName"), read("EndpointSuffix"), read("BlobEndpoint")];
  if (account === undefined) return "has no AccountName";
  if (Buffer.from(read("AccountKey") ?? "", "base64").length === 0) return "has no base64 AccountKey";
  if (endpoint !== undefined) return flawOfEndpoint(endpoint);
  if (suffix === undefined) return "has neither an EndpointSuffix nor a BlobEndpoint";
  return isBlobService(`${read("DefaultEndpointsProtocol")}://${account}.blob.${suffix}`)
    ? undefined
    : "has a DefaultEndpointsProtocol, AccountName and EndpointSuffix that do not form a valid URL";
}

function flawOfSignature(read: Read): string | undefined {
  const [signature, endpoint] = [read("SharedAccessSignature"), read("BlobEndpoint")];
  if (signature === undefined) {
    return read("AccountKey") === undefined
      ? "has neither an AccountKey nor a SharedAccessSignature"
      : "has no DefaultEndpointsProtocol";
  }
  if (!/(?:^|[?&])sig=[^&]/.test(signature)) return "has a SharedAccessSignature without a sig";
  if (endpoint === undefined) return "has no BlobEndpoint beside its SharedAccessSignature";
  return flawOfEndpoint(endpoint);
}

function flawOfEndpoint(endpoint: string): string | undefined {
  return isBlobService(endpoint) ? undefined : "has a BlobEndpoint that is not the URL of a blob service";
}
