import { vaultErrors } from "./vaultErrors.ts";

/** `^[0-9a-zA-Z-]{1,127}$` (docs/azure.md). */
export function checkName(name: string): void {
  if (!/^[0-9a-zA-Z-]{1,127}$/.test(name)) {
    throw vaultErrors.badParameter(`The request URI contains an invalid name: ${name}`);
  }
}

/** 25 KB (docs/azure.md). */
export function checkValue(value: string): void {
  if (Buffer.byteLength(value) > 25 * 1024) {
    throw vaultErrors.badParameter("The secret value exceeds the maximum allowed size of 25600 bytes.");
  }
}

/** 15 tags of 512 characters, in the name and in the value (docs/azure.md). */
export function checkTags(tags: Record<string, string> | undefined): void {
  if (tags === undefined) return;
  if (Object.keys(tags).length > 15) throw vaultErrors.badParameter("Too many tags: at most 15 are allowed.");
  if (Object.entries(tags).some(([name, value]) => name.length > 512 || value.length > 512)) {
    throw vaultErrors.badParameter("A tag's name or value exceeds 512 characters.");
  }
}
