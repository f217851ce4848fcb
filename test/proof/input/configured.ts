import { armId } from "../../config/settings.ts";

/** One runtime of the app that bodies are sent to. */
export interface Configured {
  readonly id: string;
  readonly secretName: string;
  readonly keyVaultUrl: string;
}

const CONTOSO = "https://contoso.vault.azure.net";
const FABRIKAM = "https://fabrikam.vault.azure.net";

function runtime(
  name: string,
  factory: string,
  secretName = `${factory}-${name}`,
  keyVaultUrl = CONTOSO,
): Configured {
  return { id: armId(name, factory), secretName, keyVaultUrl };
}

/**
 * "ir-one" is a runtime of two factories; "spare" is the secret of one runtime and the name of another; "shared" is
 * a secret name in two vaults; "itself" is both names of one runtime.
 */
export const configured: readonly Configured[] = [
  runtime("ir-one", "factory-one"),
  runtime("ir-one", "factory-two"),
  runtime("ir-two", "factory-one", "Spare"),
  runtime("spare", "factory-one"),
  runtime("ir-four", "factory-one", "shared"),
  runtime("ir-five", "factory-one", "shared", FABRIKAM),
  runtime("itself", "factory-one", "itself"),
];

/** All that a runtime may be called. */
export function namesOf({ id, secretName }: Configured): readonly string[] {
  return [id, secretName, id.split("/").at(-1) ?? ""];
}
