import { base64Core, secretPart } from "../faults/secrecy.ts";

/**
 * How many of the texts hold something secret: everything that is made up as a secret here says FAKE, tokens too,
 * and the values of keys are looked for as they would stand in a URL and in base64 as well.
 * @param values of keys
 */
export function leaks(texts: readonly string[], values: readonly string[]): number {
  const secrets = values.flatMap((value) => {
    const secret = secretPart(value);
    return [secret, encodeURIComponent(secret), base64Core(secret)];
  });
  const signs = ["IR@", "FAKE", ...new Set(secrets)];
  return texts.filter((text) => signs.some((sign) => text.includes(sign))).length;
}
