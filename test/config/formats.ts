// What messages say is accepted, in the words that an operator reads.

export const FORMAT =
  "/subscriptions/{guid}/resourceGroups/{group}/providers/Microsoft.DataFactory/factories/{factory}/integrationRuntimes/{runtime}";
export const LIST = 'a JSON array with an ARM id or an object for each runtime, such as ["/subscriptions/…"]';
export const ISO = (example: string) =>
  `an ISO 8601 duration in weeks, days, hours, minutes or seconds, such as "${example}" (years and months vary in length)`;
export const VAULT = 'an https URL of a host and nothing after it, such as "https://contoso.vault.azure.net"';
export const NAME = "3 to 63 letters and digits, optionally with single hyphens between them";
export const GROUP = "at most 90 letters, digits and characters of -_.() that do not end in a dot";
export const SECRET = "a Key Vault secret name: 1 to 127 letters, digits and hyphens";
export const VAULT_MISSING =
  'KEY_VAULT_URL: missing; give the https URL of a key vault, such as "https://contoso.vault.azure.net", or a keyVaultUrl in every entry of RUNTIMES';
export const NO_ENTRY = `is not accepted; give an ARM id (${FORMAT}) or an object with one as its id`;
