import { toServiceError } from "../../../src/azure/sdkError.ts";
import type { MemoryOperation } from "../../support/memoryServices.ts";

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
  const name = status === undefined && code === undefined ? "AbortError" : "RestError";
  const thrown = { name, statusCode: status, code };
  const service = serviceOf(operation);
  const site = { service, operation, target: "the target", permission: "what it needs" };
  const made = errors.get(key) ?? toServiceError(thrown, site);
  errors.set(key, made);
  return made;
}
