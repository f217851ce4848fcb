import fc from "fast-check";
import type { Settings } from "../../config/settings.ts";
import { type Flaw, shownAs } from "./checkProblems.ts";
import { type Entry, type Meant, meaning, settingsFor } from "./meantSettings.ts";
import { Choices, spellJson } from "./spelling.ts";
import { notText, wrongPart, wrongText } from "./wrongValues.ts";

/** What is done to one entry of the list, and where it has to be noticed, seen from the entry. */
interface EntryFlaw {
  readonly apply: (entry: Entry) => unknown;
  readonly place: string;
  readonly shown: string | undefined;
}

const property = (name: string, wrong: fc.Arbitrary<unknown>): fc.Arbitrary<EntryFlaw> =>
  wrong.map((value) => ({
    apply: (entry) => ({ ...entry, [name]: value }),
    place: `.${name}`,
    shown: shownAs(value),
  }));
const spans = (values: Record<string, string>, name: string): fc.Arbitrary<EntryFlaw> =>
  fc.constant({
    apply: (entry) => ({ ...entry, ...values }),
    place: `.${name}`,
    shown: shownAs(values[name]),
  });

const entryFlaw: fc.Arbitrary<EntryFlaw> = fc.oneof(
  property("id", fc.oneof(wrongText.armId, notText)),
  property("secretName", fc.oneof(wrongText.secretName, notText)),
  property("keyVaultUrl", fc.oneof(wrongText.url, notText)),
  property("rotateEvery", fc.oneof(wrongText.duration, notText)),
  property("overlap", fc.oneof(wrongText.overlap, notText)),
  property("validity", fc.oneof(wrongText.duration, notText)),
  property("nodes", fc.oneof(wrongText.credential, notText)),
  property("paused", fc.constantFrom<unknown[]>("true", 0, 1, null, [])),
  wrongPart.map(({ name, index, value }) => ({
    apply: (entry: Entry) => ({ ...entry, id: entry.id.split("/").with(index, value).join("/") }),
    place: ".id",
    shown: /[^ -~]/.test(value) || value.length > 70 ? undefined : `the ${name} ${shownAs(value)}`,
  })),
  fc.constant<EntryFlaw>({ apply: (entry) => ({ ...entry, id: undefined }), place: ".id", shown: "missing" }),
  fc.oneof(fc.constantFrom(null, 0, true, []), wrongText.armId).map((value) => ({
    apply: () => value,
    place: "",
    shown: shownAs(value),
  })),
  fc.oneof(fc.constantFrom("ID", "rotateevery", "__proto__", "toString", "IR@FAKEcanary")).map((name) => ({
    apply: (entry: Entry) => Object.defineProperty({ ...entry }, name, { value: 1, enumerable: true }),
    place: "",
    shown: `unknown property ${shownAs(name)}`,
  })),
  spans({ rotateEvery: "P5D", overlap: "P5D" }, "overlap"),
  spans({ rotateEvery: "P5D", overlap: "PT121H" }, "overlap"),
  spans({ rotateEvery: "P5D", overlap: "P1D", validity: "P5D" }, "validity"),
  spans({ rotateEvery: "P5D", overlap: "P1D", validity: "P4D" }, "validity"),
);

/** A setting with a value that is not accepted; undefined where it is left out. */
interface SettingFlaw extends Flaw {
  readonly settings: Settings;
}

const NO_STORAGE: Settings = {
  AzureWebJobsStorage: undefined,
  AzureWebJobsStorage__accountName: undefined,
  AzureWebJobsStorage__blobServiceUri: undefined,
  AzureWebJobsStorage__credential: undefined,
};
const IDENTITY: Settings = { ...NO_STORAGE, AzureWebJobsStorage__accountName: "account" };
const trimmed = (wrong: fc.Arbitrary<string>) => wrong.map((text) => text.trim());
const setting = (place: string, wrong: fc.Arbitrary<string>, others: Settings = {}) =>
  trimmed(wrong).map(
    (value): SettingFlaw => ({
      place,
      shown: shownAs(value),
      settings: { ...others, [place]: value },
    }),
  );
const list = (text: string | undefined, shown: string): SettingFlaw => ({
  place: "RUNTIMES",
  shown,
  settings: { RUNTIMES: text },
});

const settingFlaw: fc.Arbitrary<SettingFlaw> = fc.oneof(
  setting("KEY_VAULT_URL", wrongText.url),
  setting("ROTATE_EVERY", wrongText.duration),
  setting("OVERLAP", wrongText.overlap),
  setting("VALIDITY", wrongText.duration),
  setting("NODES", wrongText.credential),
  setting("SOAK", wrongText.overlap),
  setting("PAUSED", wrongText.concurrency),
  setting("CONCURRENCY", wrongText.concurrency),
  setting("AZURE_RESOURCE_MANAGER_URL", wrongText.url),
  setting("AzureWebJobsStorage__accountName", wrongText.accountName, NO_STORAGE),
  setting(
    "AzureWebJobsStorage__blobServiceUri",
    wrongText.url.map((text) => `${text}?`),
    NO_STORAGE,
  ),
  setting("AzureWebJobsStorage__credential", wrongText.credential, IDENTITY),
  fc.constantFrom("FAKE+canary==", "AccountKey", "AccountName=a;;AccountKey=FAKEcanary", "IR@FAKEcanary").map(
    (value): SettingFlaw => ({
      place: "AzureWebJobsStorage",
      shown: "not shown: it may hold a key",
      settings: { AzureWebJobsStorage: value },
    }),
  ),
  fc.constant<SettingFlaw>({ place: "AzureWebJobsStorage", shown: "missing", settings: NO_STORAGE }),
  fc.constantFrom(
    list(undefined, "missing"),
    list(" ", "missing"),
    list("[]", "an empty list"),
    list("{}", "an object"),
    list("7", "7"),
    list('"IR@FAKEcanary"', "[redacted"),
    list("IR@FAKEcanary", "at line 1, column 1"),
    list('["IR@FAKEcanary" "IR@FAKEcanary"]', "at line 1, column 18"),
    list('[\n"IR@FAKEcanary', "it ends too early, at line 2, column 15"),
  ),
);

export interface Broken {
  readonly settings: Settings;
  readonly flaws: readonly Flaw[];
}

/** Valid settings of which some parts, each in a place of its own, were made wrong. */
export const brokenSettings: fc.Arbitrary<Broken> = fc
  .record({
    meaning,
    entryFlaws: fc.array(fc.option(entryFlaw, { nil: undefined }), { maxLength: 4 }),
    settingFlaws: fc.uniqueArray(settingFlaw, {
      maxLength: 2,
      selector: ({ place }) => place.replace(/__.*/, ""),
    }),
    twin: fc.constantFrom(undefined, undefined, "id" as const, "secret" as const),
  })
  .map(({ meaning, entryFlaws, settingFlaws, twin }) => {
    const meant = settingsFor(meaning);
    const isBroken = (name: string) => settingFlaws.some(({ place }) => place === name);
    const kept = isBroken("KEY_VAULT_URL") ? undefined : twin;
    const { settings, flaws } = breakEntries(meant, entryFlaws, kept, new Choices(meaning.spelling));
    // An entry that was replaced by an id alone needs the shared one.
    settings.KEY_VAULT_URL = `https://${meaning.vault}`;
    return {
      settings: Object.assign({}, settings, ...settingFlaws.map((flaw) => flaw.settings)) as Settings,
      flaws: [...(isBroken("RUNTIMES") ? [] : flaws), ...settingFlaws],
    };
  })
  .filter(({ flaws }) => flaws.length > 0);

function breakEntries(
  { settings, entries, config }: Meant,
  entryFlaws: readonly (EntryFlaw | undefined)[],
  twin: "id" | "secret" | undefined,
  choices: Choices,
): Broken {
  const flaws: Flaw[] = [];
  const broken: unknown[] = entries.map((entry, index) => {
    const flaw = entryFlaws[index];
    if (flaw === undefined) return entry;
    flaws.push({ place: `RUNTIMES[${index}]${flaw.place}`, shown: flaw.shown });
    return flaw.apply(entry);
  });
  const whole = entries.findIndex((_, index) => entryFlaws[index] === undefined);
  const first = config.runtimes[whole];
  if (twin !== undefined && first !== undefined) {
    const { vaultUrl, secretName, id } = first;
    const place = `RUNTIMES[${broken.length}]`;
    const other = id.text.replace(/[^/]+$/, "another");
    broken.push(
      twin === "id"
        ? { id: id.text.toUpperCase(), secretName: "another", keyVaultUrl: vaultUrl }
        : { id: other, secretName: secretName.toUpperCase(), keyVaultUrl: vaultUrl.toUpperCase() },
    );
    flaws.push({ place, shown: `is already that of RUNTIMES[${whole}]` });
  }
  return { settings: { ...settings, RUNTIMES: spellJson(broken, choices) }, flaws };
}
