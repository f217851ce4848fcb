import { DataFactoryManagementClient } from "@azure/arm-datafactory";
import { ManagedIdentityCredential } from "@azure/identity";
import { SecretClient } from "@azure/keyvault-secrets";
import pLimit from "p-limit";

/** The two calls of an idle look by the SDKs alone, with nothing of the app around them, eight runtimes at once. */
export async function bareCalls({
  RUNTIMES = "[]",
  KEY_VAULT_URL = "",
}: Readonly<Record<string, string | undefined>>): Promise<void> {
  const credential = new ManagedIdentityCredential();
  const secrets = new SecretClient(KEY_VAULT_URL, credential);
  const ids = JSON.parse(RUNTIMES) as string[];
  const [, , subscriptionId = ""] = ids[0]?.split("/") ?? [];
  const { integrationRuntimes } = new DataFactoryManagementClient(credential, subscriptionId);
  await pLimit(8).map(ids, async (id) => {
    const [, , , , group = "", , , , factory = "", , name = ""] = id.split("/");
    await secrets.getSecret(`${factory}-${name}`);
    await integrationRuntimes.listAuthKeys(group, factory, name);
  });
}
