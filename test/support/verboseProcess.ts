/**
 * Makes every kind of call that the app makes, several at once and more than once, so that agents hold the requests of
 * others when the next one is logged. To be run with AZURE_LOG_LEVEL=verbose; its output is what the test looks at.
 */
import { connect } from "../../src/azure/connect.ts";
import { readConfig } from "../../src/config/config.ts";
import { unmetered } from "./unmetered.ts";

const config = readConfig(process.env);
const limit = { timeoutMs: 60_000 };
const services = connect(config, unmetered);

for (let round = 0; round < 3; round += 1) {
  await Promise.all(
    config.runtimes.map(async ({ id, vaultUrl, secretName }) => {
      const keys = services.runtimeKeys(id);
      const secret = services.secret(vaultUrl, secretName);
      const lease = await services.locks.acquire(id, limit);
      await keys.kind(limit);
      await keys.nodes(limit);
      const { authKey1 } = await keys.list(limit);
      await secret.getLatest(limit);
      const tags = { CredentialId: "authKey1" };
      const version = await secret.addVersion({ value: authKey1, tags, expiresOn: 1_900_000_000_000 }, limit);
      await secret.getValue(version, limit);
      await secret.setTags(version, tags, limit);
      await secret.listVersions(limit);
      await keys.regenerate("authKey2", limit);
      await lease?.renew(limit);
      await lease?.release(limit);
      // A failure is logged with its request.
      await secret.getValue("0123456789abcdef0123456789abcdef", limit).catch(() => {});
      await secret.setTags("0123456789abcdef0123456789abcdef", tags, limit).catch(() => {});
    }),
  );
}
