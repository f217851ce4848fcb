import fc from "fast-check";
import { configured, namesOf } from "./configured.ts";
import { credentials } from "./credentials.ts";
import { damage, damaged, edited, edits } from "./edits.ts";
import type { Accepted } from "./readBody.ts";
import { Choices, spellCase, spellJson } from "./spelling.ts";

const all = configured.map(({ id }) => id);
const count = (name: string) =>
  configured.filter((one) => namesOf(one).some((own) => own.toLowerCase() === name.toLowerCase())).length;

/** A runtime and a name that only it has. */
const named = fc.constantFrom(
  ...configured.flatMap((one) =>
    namesOf(one)
      .filter((name) => count(name) === 1)
      .map((name) => ({ id: one.id, name })),
  ),
);
const spelling = fc.noShrink(fc.integer());

export interface MeantBody {
  readonly text: string;
  readonly meant: Accepted;
}

/** A valid body in one of many spellings, and what it asks for. */
export const meantBodies: fc.Arbitrary<MeantBody> = fc
  .record({
    runtimes: fc.oneof(
      { arbitrary: fc.array(named, { minLength: 1, maxLength: 5 }), weight: 4 },
      { arbitrary: fc.constantFrom("*" as const, undefined), weight: 1 },
    ),
    dryRun: fc.option(fc.boolean(), { nil: undefined }),
    compromised: fc.option(fc.boolean(), { nil: undefined }),
    spelling,
  })
  .map(({ runtimes, dryRun, compromised, spelling }) => {
    const choices = new Choices(spelling);
    const one = Array.isArray(runtimes) ? runtimes : undefined;
    // Declaring everything compromised at once is refused, so nobody can mean it; nor a call that names nobody.
    const declared = one === undefined && compromised === true ? false : compromised;
    const dry = runtimes === undefined ? true : dryRun;
    const names = one?.map(({ name }) => spellCase(name, choices)) ?? (runtimes && ["*"]);
    const ids = one === undefined ? all : [...new Set(one.map(({ id }) => id))];
    const space = choices.of(["", "", " ", "\r\n\t"]);
    return {
      text: space + spellJson({ runtimes: names, dryRun: dry, compromised: declared }, choices) + space,
      meant: {
        runtimes: ids,
        named: one !== undefined,
        dryRun: dry ?? false,
        compromised: declared ?? false,
      },
    };
  });

const wrongName = fc.oneof(
  fc.constantFrom(
    "*",
    "ir-one",
    "IR-ONE",
    "spare",
    "shared",
    "nobody",
    "",
    "constructor",
    "__proto__",
    "a\nb",
  ),
  fc.string({ unit: "binary", maxLength: 100 }),
  fc.constantFrom<unknown[]>(null, 0, 1e308, true, [], {}, ["itself"]),
);
const wrongFlag = fc.constantFrom<unknown[]>(null, 0, 1, "true", [], {});
const rarely = <T, U>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<U>) =>
  fc.oneof({ arbitrary: usual, weight: 5 }, { arbitrary: rare, weight: 1 });
const names = fc.array(
  rarely(
    named.map(({ name }) => name),
    wrongName,
  ),
  { maxLength: 5 },
);
const other = fc.constantFrom("runtime", "DryRun", "__proto__", "constructor", "", "\u202e");
const credential = fc.constantFrom(...credentials);

interface Parts {
  readonly known: Record<string, unknown>;
  readonly others: readonly string[];
  readonly spelling: number;
}

const parts: fc.Arbitrary<Parts> = fc.record({
  known: fc.record(
    {
      runtimes: rarely<unknown, unknown>(names, fc.constantFrom<unknown[]>(null, "itself", {}, 1, [])),
      dryRun: rarely<unknown, unknown>(fc.boolean(), wrongFlag),
      compromised: rarely<unknown, unknown>(fc.boolean(), wrongFlag),
    },
    { requiredKeys: [] },
  ),
  others: rarely(fc.constant([]), fc.uniqueArray(other, { maxLength: 2 })),
  spelling,
});

function spelled({ known, others, spelling }: Parts): string {
  const body = { ...known };
  for (const name of others) Object.defineProperty(body, name, { value: { dryRun: true }, enumerable: true });
  return spellJson(body, new Choices(spelling));
}

const shaped = parts.map(spelled);
/** With a credential in place of a name, a flag, the whole list, or as a property that nobody knows. */
const leaking = fc
  .tuple(parts, credential, fc.constantFrom("name", "dryRun", "compromised", "runtimes", "property"))
  .map(([{ known, others, spelling }, secret, where]) => {
    if (where === "property") return spelled({ known, others: [...others, secret], spelling });
    const put = where === "name" ? { runtimes: ["itself", secret, `?${secret}`] } : { [where]: secret };
    return spelled({ known: { ...known, ...put }, others, spelling });
  });
/** No JSON, because of a character that may stand nowhere in it. */
const torn = fc
  .tuple(leaking, fc.nat(999))
  .map(([text, at]) =>
    [text.slice(0, (at * text.length) / 1000), text.slice((at * text.length) / 1000)].join("\u0000"),
  );

/** Bodies of the right shape with wrong parts, credentials among them. */
export const shapedBodies = fc
  .oneof({ arbitrary: shaped, weight: 5 }, { arbitrary: leaking, weight: 2 }, { arbitrary: torn, weight: 1 })
  .map((text) => Buffer.from(text));

/** Bodies with edits of their text; without credentials, because half of one is none and may be shown. */
export const editedBodies = fc
  .tuple(
    fc.oneof({ arbitrary: shaped, weight: 1 }, { arbitrary: meantBodies.map(({ text }) => text), weight: 3 }),
    edits,
  )
  .map(([text, edits]) => Buffer.from(edited(text, edits)));

const LIMIT = 65_536;
const huge = fc
  .record({
    length: fc.constantFrom(LIMIT - 1, LIMIT, LIMIT + 1, 3 * LIMIT),
    of: fc.constantFrom(" ", "[", '{"a":', '"', "9", "\u0000", '{"runtimes":["'),
  })
  .map(({ length, of }) => Buffer.from(of.repeat(Math.ceil(length / of.length)).slice(0, length)));
const padded = fc
  .tuple(meantBodies, fc.constantFrom(LIMIT, LIMIT + 1))
  .map(([{ text }, length]) => Buffer.from(text.padEnd(length - Buffer.byteLength(text) + text.length)));

/** A body as long as one can be, and one that is a byte too long: tried in any case. */
export const longestBodies: readonly Uint8Array[] = [LIMIT, LIMIT + 1].map((length) =>
  Buffer.from('{"runtimes": ["itself"]}'.padEnd(length)),
);

/** Bytes of all kinds, among them damaged, compressed and huge bodies. */
export const rawBodies: fc.Arbitrary<Uint8Array> = fc.oneof(
  { arbitrary: fc.tuple(meantBodies, damage).map(([{ text }, damage]) => damaged(text, damage)), weight: 60 },
  { arbitrary: fc.tuple(shaped, damage).map(([text, damage]) => damaged(text, damage)), weight: 20 },
  { arbitrary: fc.uint8Array({ maxLength: 64 }), weight: 16 },
  { arbitrary: fc.json().map((text) => Buffer.from(text)), weight: 4 },
  { arbitrary: fc.oneof(huge, padded), weight: 1 },
);
