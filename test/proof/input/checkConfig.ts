import assert from "node:assert/strict";
import type { Config } from "../../../src/config/config.ts";

const HTTPS_HOST = /^https:\/\/[^/A-Z@?#]+$/;

/** Checks what holds of every configuration that was read from so many entries, whatever the settings were. */
export function checkConfig(config: Config, entries: number): void {
  const { runtimes, patterns, concurrency, armUrl } = config;
  assert.equal(runtimes.length + patterns.length, entries);
  assert.ok(runtimes.length > 0);
  for (const { id, vaultUrl, secretName, rotateEvery, overlap, validityDays } of runtimes) {
    assert.ok(overlap.ms >= 600_000);
    assert.ok(rotateEvery.ms > overlap.ms);
    assert.ok(validityDays * 86_400_000 > rotateEvery.ms);
    assert.ok(validityDays <= 7300 && Number.isInteger(validityDays));
    assert.match(secretName, /^[0-9a-zA-Z-]{1,127}$/);
    assert.match(vaultUrl, HTTPS_HOST);
    assert.equal(id.key, id.text.toLowerCase());
  }
  const secrets = runtimes.map(({ vaultUrl, secretName }) => `${vaultUrl} ${secretName.toLowerCase()}`);
  assert.equal(new Set(secrets).size, runtimes.length);
  assert.equal(new Set(runtimes.map(({ id }) => id.key)).size, runtimes.length);
  assert.ok(concurrency >= 1 && concurrency <= 64);
  assert.match(armUrl, HTTPS_HOST);
}
