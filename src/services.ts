/** What the core asks of Azure. src/azure implements it; nothing else knows a service by name. */
import type { RuntimeId } from "./config/runtimeId.ts";
import type { RuntimeScope } from "./config/runtimePattern.ts";
import type { OutOfTimeError, ServiceError } from "./errors.ts";
import type { KeyValue } from "./keyValue.ts";

/** The service's own names of a runtime's two auth keys. */
export type KeyName = "authKey1" | "authKey2";

export const KEY_NAMES: readonly KeyName[] = ["authKey1", "authKey2"];

export type AuthKeys = Readonly<Record<KeyName, KeyValue>>;

export function otherKey(key: KeyName): KeyName {
  return key === "authKey1" ? "authKey2" : "authKey1";
}

/** How long one call may take, in milliseconds, including its retries and the waiting before them. */
export interface CallLimit {
  readonly timeoutMs: number;
  /** No attempt, first or retry, starts with less time left than this. */
  readonly attemptNeedsMs?: number;
}

/** What kind of integration runtime an ARM id names; only a `self-hosted` one has keys of its own. */
export type RuntimeKind = "self-hosted" | "linked" | "managed";

/** A machine registered with a runtime. Times are in milliseconds since the epoch; undefined where Azure does not say. */
export interface RuntimeNode {
  /** Whatever its owner called it. */
  readonly name: string;
  /** As Azure words it, such as `Online` or `Limited`. */
  readonly status: string;
  readonly version: string | undefined;
  readonly registeredAt: number | undefined;
  readonly lastConnectedAt: number | undefined;
}

/** The keys of one runtime. A call that fails throws a ServiceError, with `runtime-missing` if the runtime does not exist. */
export interface RuntimeKeys {
  kind(limit: CallLimit): Promise<RuntimeKind>;
  /** Both keys, each an auth key and different from the other: anything else is `unexpected-response`. */
  list(limit: CallLimit): Promise<AuthKeys>;
  /** Sends exactly one request, because each one that arrives mints another value. */
  regenerate(key: KeyName, limit: CallLimit): Promise<KeyValue>;
  /** The nodes that use one of the keys; of a runtime that has none, an empty list. */
  nodes(limit: CallLimit): Promise<readonly RuntimeNode[]>;
}

export type Tags = Readonly<Record<string, string>>;

export interface SecretVersion {
  readonly version: string;
  readonly value: KeyValue;
  readonly tags: Tags;
  /** Milliseconds since the epoch; the vault stores whole seconds. */
  readonly createdOn: number;
  readonly expiresOn: number | undefined;
}

export type Secret =
  | { readonly state: "missing" }
  | { readonly state: "disabled" }
  | ({ readonly state: "readable" } & SecretVersion);

export interface SecretReading {
  readonly secret: Secret;
  /** The vault's clock when it answered, in milliseconds since the epoch. */
  readonly now: number | undefined;
}

export interface SecretVersionProperties {
  readonly version: string;
  readonly enabled: boolean;
  readonly createdOn: number;
  readonly tags: Tags;
}

export interface NewSecretVersion {
  readonly value: KeyValue;
  readonly tags: Tags;
  readonly expiresOn: number;
}

/** One secret in one vault. A call that fails throws a ServiceError. */
export interface SecretStore {
  /** The latest version, which only a get without a version returns. */
  getLatest(limit: CallLimit): Promise<SecretReading>;
  getValue(version: string, limit: CallLimit): Promise<KeyValue>;
  /** Writes a new latest version and returns its id. */
  addVersion(content: NewSecretVersion, limit: CallLimit): Promise<string>;
  /** Replaces all tags of one version. */
  setTags(version: string, tags: Tags, limit: CallLimit): Promise<void>;
  disable(version: string, limit: CallLimit): Promise<void>;
  listVersions(limit: CallLimit): Promise<readonly SecretVersionProperties[]>;
}

/** Exclusive access to one runtime, for 60 s from its acquisition or its last renewal. */
export interface Lease {
  /** False if the lease is lost. */
  renew(limit: CallLimit): Promise<boolean>;
  release(limit: CallLimit): Promise<void>;
}

export interface Locks {
  /** Undefined if another run holds the lease. */
  acquire(runtime: RuntimeId, limit: CallLimit): Promise<Lease | undefined>;
}

/** What is in a scope, as far as it could be listed. */
export interface ScopeListing {
  readonly runtimes: readonly { readonly id: RuntimeId; readonly kind: RuntimeKind }[];
  /** Why the list may be incomplete. */
  readonly failures: readonly (ServiceError | OutOfTimeError)[];
}

/** Lists the runtimes in the scope of a pattern. */
export interface RuntimeSource {
  /** @param limit called before each request; throws an OutOfTimeError if there is no time left for it */
  list(scope: RuntimeScope, limit: () => Promise<CallLimit>): Promise<ScopeListing>;
}

/** What an answer says about the service's rate limit. */
export interface RequestAnswer {
  /** How many more requests of this kind it accepts now; undefined if it does not say. */
  readonly remaining: number | undefined;
  /** It refused the request because there were too many. */
  readonly throttled: boolean;
  /** How long to send nothing. */
  readonly retryAfterMs: number | undefined;
}

/** Is told about each request that counts against a subscription's rate limit, when it is sent and when it is answered. */
export interface RequestMeter {
  sent(subscriptionId: string, kind: "read" | "write"): void;
  answered(subscriptionId: string, kind: "read" | "write", answer: RequestAnswer): void;
}

/** A service's token bucket: so many requests at once, then so many a second. */
export interface RequestLimit {
  readonly burst: number;
  readonly perSecond: number;
}

/** What one subscription allows one identity, by the kind of a request (docs/azure.md). */
export const REQUEST_LIMITS = {
  write: { burst: 200, perSecond: 10 },
  read: { burst: 250, perSecond: 25 },
} as const satisfies Record<string, RequestLimit>;

/** The services that a run works with. Nothing is loaded or connected before a method is called. */
export interface Services {
  readonly runtimeSource: RuntimeSource;
  runtimeKeys(id: RuntimeId): RuntimeKeys;
  secret(vaultUrl: string, name: string): SecretStore;
  readonly locks: Locks;
}
