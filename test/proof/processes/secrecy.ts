/**
 * How many of the texts hold something secret: everything that is made up as a secret here says FAKE, tokens too,
 * and the values of keys are looked for as they would stand in a URL and in base64 as well.
 * @param values of keys
 */
export function leaks(texts: readonly string[], values: readonly string[]): number {
  const secrets = values.flatMap((value) => {
    const secret = value.slice(value.lastIndexOf("@") + 1);
    return [secret, encodeURIComponent(secret), base64Core(secret)];
  });
  const signs = ["IR@", "FAKE", ...new Set(secrets)];
  return texts.filter((text) => signs.some((sign) => text.includes(sign))).length;
}

/** What the base64 of any text around it would have in common, where it starts on a border of three bytes. */
function base64Core(text: string): string {
  return Buffer.from(text)
    .subarray(0, text.length - (text.length % 3))
    .toString("base64");
}
