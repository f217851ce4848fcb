/** The keys of a function app that open its endpoints. */
export interface HostKeys {
  /** Opens routes of the level `function`. */
  function: string;
  /** Opens every route of the level `function`, whichever function it is of. */
  host: string;
  /** Opens everything, and is the only one that opens `/admin`. */
  master: string;
}

/** Made up, and the same on every laptop: they open nothing but a local host. */
export const FAKE_KEYS: HostKeys = {
  function: "FAKE-function-key",
  host: "FAKE-host-key",
  master: "FAKE-master-key",
};

export type AuthLevel = "anonymous" | "function" | "admin";

/** Whether this key, if there is one, opens something of this level. */
export function opens(keys: HostKeys, level: AuthLevel, key: string | undefined): boolean {
  if (level === "anonymous") return true;
  const accepted = level === "admin" ? [keys.master] : [keys.function, keys.host, keys.master];
  return key !== undefined && accepted.includes(key);
}
