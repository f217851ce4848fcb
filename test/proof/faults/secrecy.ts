import { inspect } from "node:util";
import type { LocalAzure } from "../../../local/azure/index.ts";
import type { Services } from "../../../src/services.ts";
import { armIdOf, secretNameOf, VAULT } from "./scenarios.ts";

/** The part of a key that is the secret: the rest names the runtime. */
export function secretPart(value: string): string {
  return value.slice(value.lastIndexOf("@") + 1);
}

/**
 * What may not be seen anywhere: everything that is made up as a secret here says FAKE, tokens too; the values of
 * one runtime and its secret also as they would look in a URL and in base64.
 */
export function canaries(azure: LocalAzure, id: string): readonly string[] {
  const keys = azure.state.dataFactory.runtimes[armIdOf(id).toLowerCase()]?.keys;
  const stored = azure.state.keyVault.vaults[VAULT]?.secrets[secretNameOf(id)]?.versions ?? [];
  const values = [...(keys?.authKey1 ?? []), ...(keys?.authKey2 ?? []), ...stored];
  const plain = new Set(values.map(({ value }) => secretPart(value)));
  return ["FAKE", ...[...plain].flatMap((text) => [encodeURIComponent(text), base64Core(text)])];
}

/** What the base64 of any text around it would have in common, where it starts on a border of three bytes. */
export function base64Core(text: string): string {
  return Buffer.from(text)
    .subarray(0, text.length - (text.length % 3))
    .toString("base64");
}

/** Everything of a thing that inspection can reach, getters and hidden parts included. */
export function everythingOf(thing: unknown): string {
  const all = inspect(thing, {
    depth: Number.POSITIVE_INFINITY,
    showHidden: true,
    getters: true,
    maxArrayLength: null,
    maxStringLength: null,
  });
  return `${all}\n${String(thing)}\n${thing instanceof Error ? `${thing.stack}\n${JSON.stringify(thing)}` : ""}`;
}

/** The services with everything that they throw kept, as deep as it can be looked into. */
export function recordingErrors(services: Services, record: (text: string) => void): Services {
  const recording = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(of, name) {
        const member: unknown = Reflect.get(of, name);
        if (typeof member !== "function") return member;
        return (...args: unknown[]) => {
          const result: unknown = member.apply(of, args);
          if (!(result instanceof Promise)) return result;
          return result.then(
            (value) => (hasMethods(value) ? recording(value) : value),
            (error: unknown) => {
              record(everythingOf(error));
              throw error;
            },
          );
        };
      },
    });
  return {
    runtimeSource: recording(services.runtimeSource),
    runtimeKeys: (id) => recording(services.runtimeKeys(id)),
    secret: (vaultUrl, name) => recording(services.secret(vaultUrl, name)),
    locks: recording(services.locks),
  };
}

/** A lease, which is the one thing with methods that a service hands out. */
function hasMethods(value: unknown): value is object {
  return typeof value === "object" && value !== null && "renew" in value;
}
