import { Faults } from "./faults.ts";
import { allow, deny } from "./model/access.ts";
import type { Call } from "./model/calls.ts";
import { Clock } from "./model/clock.ts";
import {
  addFactory,
  addRuntime,
  type Factory,
  type KeyName,
  liveKeys,
  type Runtime,
  removeRuntime,
} from "./model/dataFactory.ts";
import {
  addVault,
  deleteSecret,
  latestVersion,
  recoverSecret,
  type SecretVersion,
  type Vault,
} from "./model/keyVault.ts";
import type { Node } from "./model/node.ts";
import { registerNode } from "./model/nodes.ts";
import { type AzureState, createState } from "./model/state.ts";
import { Tokens } from "./tokens.ts";

/** How the managed identity behaves. */
export interface IdentitySettings {
  /** Seconds; by real time, because an SDK caches a token by its own clock. */
  tokenLifetime: number;
  /** Client id of a user-assigned identity, which a request must then name; `undefined`: system-assigned. */
  clientId: string | undefined;
  /** The audience of every token, whatever was asked for; `undefined`: the one asked for. */
  audience: string | undefined;
}

function defaultIdentity(): IdentitySettings {
  return { tokenLifetime: 86_400, clientId: undefined, audience: undefined };
}

/** One Azure without its sockets: the state, and the levers that a test or a demo moves. */
export class World {
  /** Everything that it knows, as plain data: read it, change it, or put a copy in its place. */
  state: AzureState = createState();
  identity: IdentitySettings = defaultIdentity();
  readonly clock = new Clock();
  readonly faults = new Faults();
  readonly tokens = new Tokens();

  /** Every request so far, in the order of arrival. */
  get calls(): readonly Call[] {
    return this.state.calls;
  }

  /** An empty Azure in real time, without faults. Tokens stay good: clients may have cached them. */
  reset(): void {
    this.state = createState();
    this.identity = defaultIdentity();
    this.clock.reset();
    this.faults.clear();
  }

  /** Adds a factory by its ARM id: one that has no runtime yet. */
  addFactory(id: string): Factory {
    return addFactory(this.state.dataFactory, id, this.clock.now());
  }

  /** Adds a runtime by its ARM id, and its factory where that is missing. */
  addRuntime(id: string, options?: Parameters<typeof addRuntime>[3]): Runtime {
    return addRuntime(this.state.dataFactory, id, this.clock.now(), options);
  }

  /** Takes a runtime away, as somebody does who deletes it. */
  removeRuntime(id: string): void {
    removeRuntime(this.state.dataFactory, id);
  }

  /** Adds a vault by its host or its URL. */
  addVault(host: string): Vault {
    return addVault(this.state.keyVault, hostOf(host));
  }

  /** The values that a node of this runtime can register with now. */
  liveKeys(runtimeId: string): Record<KeyName, string> {
    return liveKeys(this.state.dataFactory, runtimeId);
  }

  /** Registers a node by the value of a key; `undefined` where that is refused. See `model/nodes.ts` for its life. */
  registerNode(runtimeId: string, name: string, key: string): Node | undefined {
    return registerNode(this.state.dataFactory, runtimeId, name, key, this.clock.now());
  }

  /** What the unversioned get of this secret returns, disabled or not. `host`: of the vault, or its URL. */
  latestVersion(host: string, secretName: string): SecretVersion | undefined {
    return latestVersion(this.#vault(host), secretName);
  }

  /** Soft-deletes a secret, as somebody with that right would. */
  deleteSecret(host: string, secretName: string): void {
    deleteSecret(this.#vault(host), secretName, this.clock.now());
  }

  /** Undoes {@link deleteSecret}. */
  recoverSecret(host: string, secretName: string): void {
    recoverSecret(this.#vault(host), secretName);
  }

  /** Takes a right away, by its RBAC action, everywhere or where the ARM id or secret URL begins with `scope`. */
  deny(action: string, scope?: string): void {
    deny(this.state.denials, action, scope);
  }

  /** Gives a right back. */
  allow(action: string): void {
    allow(this.state.denials, action);
  }

  #vault(host: string): Vault {
    const vault = this.state.keyVault.vaults[hostOf(host)];
    if (vault === undefined) throw new Error(`There is no vault ${host}`);
    return vault;
  }
}

function hostOf(hostOrUrl: string): string {
  return new URL(hostOrUrl.includes("://") ? hostOrUrl : `https://${hostOrUrl}`).hostname;
}
