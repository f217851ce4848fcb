/** What the demo claims of the whole half year, from the local Azure's own state. */
import { KEY_NAMES, type KeyLife } from "../azure/model/dataFactory.ts";
import type { SecretVersion } from "../azure/model/keyVault.ts";
import { countNodes } from "../nodes.ts";
import type { LocalRuntime } from "../view.ts";
import { cast, withNodes } from "./cast.ts";
import { claim } from "./claims.ts";
import { DAY, type Stage } from "./stage.ts";

/** Checks each claim, and returns it as a sentence. */
export function ending(stage: Stage): string[] {
  return [
    liveThroughout(stage),
    regenerations(stage),
    overlap(stage),
    nodes(stage),
    retirement(stage),
    silence(stage),
  ];
}

function liveThroughout({ azure, watch }: Stage): string {
  claim("the vault named a live key at every moment", watch.dead, []);
  claim("the watch notices a dead key, such as the person left", watch.deadByHand > 0, true);
  const live = watch.moments - watch.deadByHand;
  return `The vault named a live key in ${live} looks, before and after each of ${azure.calls.length} calls; ${watch.deadByHand} more saw the damage by hand.`;
}

function regenerations({ azure }: Stage): string {
  const sent = azure.calls.filter(({ operation }) => operation === "regenerateAuthKey");
  claim("keys that the app asked to regenerate", sent.length, 17);
  claim("keys that were regenerated for it", sent.filter(({ effect }) => effect).length, 17);
  return "The app regenerated 17 keys: 1 for each of 15 rotations, 2 for the compromise, none to heal or to repair.";
}

/** How long keys lived on that the vault had named and then named no longer. */
function overlap(stage: Stage): string {
  const lives = cast.flatMap((runtime) => {
    const { keys, versions } = historyOf(stage, runtime);
    return versions.slice(0, -1).flatMap((version, index) => {
      const died = keys.find(({ value }) => value === version.value)?.diedAt;
      const superseded = (versions[index + 1]?.created ?? 0) * 1000;
      return died === undefined || stage.abrupt.includes(died) ? [] : [(died - superseded) / DAY];
    });
  });
  const shortest = Math.floor(Math.min(...lives));
  claim("superseded keys live on for a day at least", shortest >= 1, true);
  return `The ${lives.length} keys that rotations killed had been superseded for ${shortest} days or more; the overlap asks for 1.`;
}

function nodes({ azure, watch }: Stage): string {
  const lost = Object.keys(watch.nodesLost);
  claim("runtimes that lost nodes", lost, ["oslo"]);
  const counts = withNodes.map((runtime) => countNodes(azure, runtime));
  claim("nodes that are online in the end", counts, Array(3).fill({ online: 2, all: 2 }));
  return "Of three runtimes with nodes installed by hand, one lost them; no node was lost once the script was on it.";
}

function retirement(stage: Stage): string {
  let retired = 0;
  for (const runtime of cast) {
    const { keys, versions } = historyOf(stage, runtime);
    const live = keys.filter(({ diedAt }) => diedAt === undefined).map(({ value }) => value);
    for (const { value, enabled, id } of versions) {
      claim(`${runtime.name}: version ${id} can be read if its key lives`, enabled, live.includes(value));
      if (!enabled) retired += 1;
    }
  }
  return `All ${retired} versions with dead keys are disabled, all versions with live ones can be read.`;
}

function silence(stage: Stage): string {
  const told = stage.told.join("\n");
  // The end of a value is what is secret of it.
  const values = cast.flatMap((runtime) =>
    historyOf(stage, runtime).keys.map(({ value }) => value.split("@").at(-1)),
  );
  const leaked = values.filter((value) => value === undefined || told.includes(value)).length;
  claim("the app said something", told.length > 0, true);
  claim("key values in what the app said", leaked, 0);
  return `None of ${values.length} key values is in what the app said: ${told.length} characters of logs and answers.`;
}

function historyOf(
  { azure }: Stage,
  { id, vaultUrl, secretName }: LocalRuntime,
): { keys: KeyLife[]; versions: SecretVersion[] } {
  const runtime = azure.state.dataFactory.runtimes[id.toLowerCase()];
  const vault = azure.state.keyVault.vaults[new URL(vaultUrl).hostname];
  return {
    keys: KEY_NAMES.flatMap((key) => runtime?.keys[key] ?? []),
    versions: vault?.secrets[secretName]?.versions ?? [],
  };
}
