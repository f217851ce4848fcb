import { addRuntime, regenerateAuthKey, removeRuntime } from "../../../local/azure/model/dataFactory.ts";
import { runtimeGuid } from "../../../local/azure/model/keyValue.ts";
import { deleteSecret, recoverSecret, setSecret, updateSecret } from "../../../local/azure/model/keyVault.ts";
import { KEY_NAMES, type KeyName, otherKey } from "../../../src/services.ts";
import { tagsOfOthers } from "../shared/stateTag.ts";
import type { Runtime, World } from "./world.ts";

/** One person's hand on one runtime and its secret. */
export class Hand {
  readonly record: Runtime;
  readonly random: World["random"];
  readonly #world: World;

  constructor(world: World, record: Runtime) {
    this.#world = world;
    this.record = record;
    this.random = world.random;
  }

  get latest() {
    return this.record.latest;
  }

  get published(): KeyName | undefined {
    return KEY_NAMES.find((key) => this.record.live[key] === this.record.named);
  }

  get alternate(): KeyName | undefined {
    return this.published && otherKey(this.published);
  }

  get dead(): (string | undefined)[] {
    const dead = [...this.record.values].filter(([, life]) => life.diedAt !== undefined);
    return dead.length > 0 ? dead.map(([value]) => value) : [undefined];
  }

  regenerate(key: KeyName | undefined) {
    const { azure, scheduler } = this.#world;
    return (
      key !== undefined &&
      regenerateAuthKey(azure.dataFactory, this.record.config.id.text, key, scheduler.now)
    );
  }

  /** @param tags half of the time those of the version before, where it is not said */
  write(value: string | undefined, tags = this.random.chance(0.5) ? this.latest?.tags : {}) {
    const { azure, vault, scheduler } = this.#world;
    if (value === undefined || (this.latest === undefined && this.record.isDeleted)) return false;
    const fields = { tags: { ...tags } };
    const { secretName } = this.record.config;
    return this.record.handVersions.add(
      setSecret(azure.keyVault, vault, secretName, value, fields, scheduler.now).id,
    );
  }

  tag(changes: Readonly<Record<string, string | undefined>>) {
    const { latest } = this;
    if (!latest?.enabled) return false;
    const tags = Object.entries({ ...latest.tags, ...changes }).filter(([, text]) => text !== undefined);
    return this.#update(latest.id, { tags: Object.fromEntries(tags) as Record<string, string> });
  }

  /** Half of the time in place of ours, which leaves no room for them. */
  fillTags() {
    const { latest } = this;
    if (!latest?.enabled || latest.tags.filler0 !== undefined) return false;
    const kept = this.random.chance(0.5) ? latest.tags : Object.fromEntries(tagsOfOthers(latest.tags));
    const free = 15 - Object.keys(kept).length;
    const filler = Array.from({ length: free }, (_, index) => [`filler${index}`, "x"]);
    return this.#update(latest.id, { tags: { ...kept, ...Object.fromEntries(filler) } });
  }

  enable(version: { id: string } | undefined, enabled: boolean) {
    return version !== undefined && this.#update(version.id, { enabled });
  }

  enableOld(enabled: boolean) {
    const { versions, isDeleted, latest } = this.record;
    const old = versions.filter((one) => one !== latest && one.enabled !== enabled);
    return old.length > 0 && !isDeleted && this.enable(this.random.pick(old), enabled);
  }

  delete() {
    const { vault, scheduler } = this.#world;
    return this.latest?.enabled === true && deleteSecret(vault, this.record.config.secretName, scheduler.now);
  }

  /** Its keys die with it. Those that the record goes by from here on are known to nobody. */
  deleteRuntime() {
    for (const key of KEY_NAMES) this.regenerate(key);
    removeRuntime(this.#world.azure.dataFactory, this.record.config.id.text);
  }

  makeRuntimeAgain() {
    const { azure, scheduler } = this.#world;
    const { text } = this.record.config.id;
    const other = { guid: runtimeGuid(`${text} ${scheduler.now}`) };
    addRuntime(azure.dataFactory, text, scheduler.now, this.random.chance(0.5) ? other : {});
  }

  recover() {
    return recoverSecret(this.#world.vault, this.record.config.secretName);
  }

  purge() {
    return delete this.#world.vault.secrets[this.record.config.secretName.toLowerCase()];
  }

  #update(id: string, fields: Parameters<typeof updateSecret>[3]) {
    return updateSecret(
      this.#world.vault,
      this.record.config.secretName,
      id,
      fields,
      this.#world.scheduler.now,
    );
  }
}
