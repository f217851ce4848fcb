import type { MemoryOperation } from "./memoryServices.ts";
import { refusalWith, errorOf as refused, silenceOf } from "./sdkShapes.ts";

export type Service = "Azure Resource Manager" | "Key Vault" | "Blob Storage";

export function serviceOf(operation: MemoryOperation): Service {
  if (operation.endsWith("Lease")) return "Blob Storage";
  const isArm = ["getKind", "getStatus", "listAuthKeys", "regenerateAuthKey"].includes(operation);
  return isArm ? "Azure Resource Manager" : "Key Vault";
}

const errors = new Map<string, Error>();

/** What the adapters make of a failed call, by their own function; without a status, no answer came in time. */
export function errorOf(operation: MemoryOperation, status: number | undefined, code?: string): Error {
  const key = `${operation} ${status} ${code}`;
  const service = serviceOf(operation);
  const make = () =>
    status === undefined
      ? silenceOf(service, operation, "the target")
      : refused(service, operation, "the target", refusalWith(service, status, code));
  const made = errors.get(key) ?? make();
  errors.set(key, made);
  return made;
}
