import fc from "fast-check";
import { credentials } from "./credentials.ts";

/** Text that is no valid value of anything, because it begins with what nothing begins with. */
const strangeText = fc
  .oneof(
    fc.string({ unit: "binary", maxLength: 120 }),
    fc.string({ maxLength: 200 }),
    fc.constantFrom("x".repeat(5000), "\u{e0001}".repeat(1000)),
  )
  .map((text) => `?${text}`);

/** A credential, alone or within other text, so that it begins before or after the place where a text is cut. */
const misplaced = fc
  .tuple(
    fc.constantFrom("", "", "?", "key: ", "x".repeat(70), "y".repeat(100)),
    fc.constantFrom(...credentials),
    fc.constantFrom("", "", '"', "\n", " and more"),
  )
  .map((parts) => parts.join(""));

const wrongUrls = [
  "http://contoso.vault.azure.net",
  "contoso.vault.azure.net",
  "https://contoso.vault.azure.net/secrets",
  "https://contoso.vault.azure.net?a=1",
  "https://contoso.vault.azure.net#a",
  "https://contoso.vault.azure.net.",
  "https://contoso.vault.azure.net:99999",
  "https:contoso",
  "https://",
  "https://a\\b",
  "https://a b",
];
const wrongDurations = [
  "P1M",
  "P1Y",
  "p1d",
  "P",
  "PT",
  "P1DT",
  "P-1D",
  "P0D",
  "PT0,0S",
  "30",
  "1 day",
  "P3651D",
  `P${"9".repeat(400)}D`,
  "P1D P1D",
];

const text = (...values: string[]) => fc.oneof(fc.constantFrom(...values), strangeText, misplaced);

/** Texts that are not accepted, by what is expected. None is blank or has white space around it, except strange ones. */
export const wrongText = {
  url: text(...wrongUrls),
  duration: text(...wrongDurations),
  overlap: text(...wrongDurations, "PT9M59S", "PT599.999S"),
  secretName: text("a_b", "a b", "a/b", "\u00e9", "x".repeat(128)),
  armId: text("ir-one", "/subscriptions/x", "/subscriptions/a/b/c/d/e/f/g/h/i/j/k"),
  concurrency: text("0", "65", "100", "8.5", "-1", "08", "1e1", "eight"),
  accountName: text("ab", "Account", "a-b", "x".repeat(25)),
  credential: text("key", "managed identity"),
} as const;

/** JSON that is not the text that is expected. */
export const notText: fc.Arbitrary<unknown> = fc.constantFrom<unknown[]>(
  null,
  true,
  30,
  -0,
  1e308,
  [],
  ["P1D"],
  {},
  { id: "x" },
);

/** One part of an ARM id that is not accepted, as the message names it, and how it changes a valid id. */
export const wrongPart: fc.Arbitrary<{ name: string; index: number; value: string }> = fc
  .constantFrom<[string, number, string[]][]>(
    ["subscription", 2, ["x", "11111111-2222-3333-4444-55555555555", "11111111222233334444555555555555"]],
    ["resource group", 4, ["rg.", "r g", "x".repeat(91), "\u00e9"]],
    ["factory", 8, ["ab", "-abc", "abc-", "a--b", "a_b", "x".repeat(64)]],
    ["integration runtime", 10, ["ab", "-abc", "abc-", "a--b", "a.b", "x".repeat(64)]],
  )
  .chain(([name, index, values]) =>
    fc.constantFrom(...values, "IR@FAKEcanary").map((value) => ({ name, index, value })),
  );
