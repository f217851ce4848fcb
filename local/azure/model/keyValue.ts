import { createHash } from "node:crypto";

/**
 * The n-th value that was minted, in the format of the service,
 * `IR@{guid}@{factory}@ServiceEndpoint={host}@{base64 of 32 bytes}` (docs/azure.md), that says of itself that it
 * is made up.
 */
export function keyValue(n: number, guid: string, factory: string, region: string): string {
  const secret = createHash("sha256").update(`${n}`).digest("base64");
  return `IR@${guid}@${factory}@ServiceEndpoint=${factory}.${region}.datafactory.azure.net@FAKE${secret}`;
}

/** The guid in the keys of a runtime: always the same for the same ARM id. */
export function runtimeGuid(id: string): string {
  const hex = createHash("sha256").update(id.toLowerCase()).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
