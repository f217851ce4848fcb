export type Service = "arm" | "vault" | "storage" | "identity" | "other";

/** `challenge` is Key Vault's unauthenticated first request; `unknown` a host or path that nobody serves. */
export type Operation =
  | "listAuthKeys"
  | "regenerateAuthKey"
  | "getRuntime"
  | "listByFactory"
  | "listFactories"
  | "getStatus"
  | "getSecret"
  | "getSecretVersion"
  | "setSecret"
  | "updateSecret"
  | "listVersions"
  | "challenge"
  | "token"
  | "acquireLease"
  | "renewLease"
  | "releaseLease"
  | "createContainer"
  | "putBlob"
  | "unknown";

/** One request that reached the local Azure. */
export interface Call {
  /** From 1, in the order of arrival. */
  seq: number;
  /** Milliseconds since 1970 by the services' clock, on arrival. */
  at: number;
  service: Service;
  operation: Operation;
  /** The ARM id, the secret's URL without version, or the audience of a token. */
  resource: string;
  /** The RBAC action that it needed. */
  action: string | undefined;
  /** Of the answer; `undefined` while there is none, which after a reset or a stall is for good. */
  status: number | undefined;
  /** Whether it changed something, whatever was answered. */
  effect: boolean;
}
