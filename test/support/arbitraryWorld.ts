import fc from "fast-check";
import { liveKeys } from "../../local/azure/model/dataFactory.ts";
import { KeyValue } from "../../src/keyValue.ts";
import { idOf } from "./runtime.ts";
import { World } from "./world.ts";

const key = fc.constantFrom("authKey1", "authKey2");
const value = fc.constantFrom("live 1", "live 2", "live 2", "dead", "of another runtime", "something else");

/** What the vault may hold, ours or not, intact or meddled with. */
const secret = fc.record({
  value,
  age: fc.constantFrom("a minute", "two days", "forty days"),
  provider: fc.constantFrom(
    idOf("alpha"),
    idOf("alpha"),
    idOf("alpha").toUpperCase(),
    idOf("beta"),
    undefined,
  ),
  credential: fc.option(key, { nil: undefined }),
  intent: fc.constantFrom("none", "none", "rotate", "kill"),
  intentKey: key,
  /** Whether the version says that a compromise published it, and since when its intent is one. */
  byCompromise: fc.boolean(),
  since: fc.constantFrom(
    undefined,
    Date.parse("2026-05-31T23:55:00Z") / 1000,
    Date.parse("2026-05-30T00:00:00Z") / 1000,
  ),
  /** Whether the intent's key still has the value that it had when the intent was written. */
  unchanged: fc.boolean(),
  compromised: fc.boolean(),
  enabled: fc.constantFrom(true, true, true, true, false),
  expired: fc.constantFrom(false, false, true),
});

export const arbitraryState = fc.record({
  kind: fc.constantFrom("self-hosted", "self-hosted", "self-hosted", "self-hosted", "linked", "managed"),
  secret: fc.option(secret, { nil: undefined, freq: 8 }),
});

type State = typeof arbitraryState extends fc.Arbitrary<infer T> ? T : never;

const created = {
  "a minute": "2026-05-31T23:59:00Z",
  "two days": "2026-05-30T00:00:00Z",
  "forty days": "2026-04-22T00:00:00Z",
};

/** The same state makes the same world each time, to the last byte. */
export function worldOf({ kind, secret }: State): World {
  const world = new World(kind as "self-hosted").at("2026-06-01T00:00:00Z");
  if (secret === undefined) return world;
  const keys =
    kind === "self-hosted"
      ? liveKeys(world.state.dataFactory, world.config.id.text)
      : { authKey1: "IR@guid@FAKE1", authKey2: "IR@guid@FAKE2" };
  const text = {
    "live 1": keys.authKey1,
    "live 2": keys.authKey2,
    dead: `${keys.authKey1}-dead`,
    "of another runtime": "IR@another@contoso@FAKE",
    "something else": "FAKE-password",
  }[secret.value];
  const was = secret.unchanged ? new KeyValue(keys[secret.intentKey]).fingerprint() : "0123456789abcdef";
  const intent =
    secret.intent === "rotate"
      ? {
          kind: "rotate",
          key: secret.intentKey,
          was,
          run: "run",
          compromised: secret.compromised,
          since: secret.since,
        }
      : { kind: "kill", key: secret.intentKey, was, since: secret.since };
  const state = { ...(secret.intent === "none" ? {} : { intent }), compromised: secret.byCompromise };
  const tags = {
    owner: "team-a",
    ...(secret.provider === undefined ? {} : { ProviderAddress: secret.provider }),
    ...(secret.credential === undefined ? {} : { CredentialId: secret.credential }),
    ...(secret.intent === "none" && !secret.byCompromise ? {} : { RotationState: JSON.stringify(state) }),
  };
  world.store(text, created[secret.age], {
    tags,
    enabled: secret.enabled,
    expires: secret.expired ? Date.parse("2026-05-31T23:59:30Z") / 1000 : undefined,
  });
  return world;
}
