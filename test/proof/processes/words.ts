import type { Facts, Intent } from "./facts.ts";
import type { Visit } from "./invocation.ts";

/** What a call did, from the state as it stands right after its effect; no value of a key is in it. */
export function wordsOfEffect({ operation, runtime }: Visit, effect: boolean, facts?: Facts): string {
  const name = runtime?.name ?? "all runtimes";
  switch (operation) {
    case "acquireLease":
      return effect ? `takes the lease of ${name}` : `does not get the lease of ${name}`;
    case "renewLease":
      return effect ? `renews the lease of ${name}` : `cannot renew the lease of ${name}`;
    case "releaseLease":
      return effect ? `gives back the lease of ${name}` : `has no lease of ${name} to give back`;
    case "putBlob":
      return effect ? `makes the place for the lease of ${name}` : `finds the place for the lease of ${name}`;
    case "getSecret":
      return `reads the secret of ${name}`;
    case "listAuthKeys":
      return `lists the keys of ${name}`;
  }
  if (!effect || facts === undefined) return `${operation} of ${name}`;
  const { live, latest, versions, intent } = facts;
  const disabled = versions.filter(({ enabled }) => !enabled).length;
  const named = `version ${versions.length} holds ${facts.nameOf(latest?.value)}`;
  switch (operation) {
    case "regenerateAuthKey":
      return `regenerates a key of ${name}: now ${facts.nameOf(live.authKey1)} and ${facts.nameOf(live.authKey2)} live`;
    case "setSecret":
      return `publishes for ${name}: ${named}, ${intentOf(intent)}`;
    case "updateSecret":
      return `updates a version of ${name}: ${named}, ${intentOf(intent)}, ${disabled} disabled`;
    default:
      return `${operation} of ${name}`;
  }
}

function intentOf(intent: Intent | undefined): string {
  if (intent === undefined) return "no intent";
  return `intent to ${intent.kind} ${intent.key}${intent.compromised ? " (compromised)" : ""}`;
}
