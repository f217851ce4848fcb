/** What a text holds that nobody may see, and in which line. Never the thing itself. */
export interface Finding {
  readonly what: "auth key" | "access token";
  readonly line: number;
}

const GUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

/**
 * Auth keys, in the ways in which a text may hold them: as they are, in a URL, in JSON within JSON. A real one begins
 * with `IR@{guid}@`; the local Azure's say FAKE before 32 bytes in base64, so that a piece of one is found as well.
 */
const AUTH_KEY = new RegExp(
  `IR(?:@|%40|\\\\+u0040)${GUID}|FAKE(?:[A-Za-z0-9+/]|%2[BF]|\\\\+u00[0-9a-f]{2}){40}`,
  "gi",
);
/** The local Azure's access tokens. */
const TOKEN = /FAKE(?:\.|%2E)[\w-]{32}/gi;

/** Bytes as `inspect` and `JSON.stringify` print those of a buffer. */
const HEXADECIMAL = /(?:[0-9a-f]{2} ){8,}[0-9a-f]{2}/g;
const DECIMAL = /(?:\d{1,3},\s*){8,}\d{1,3}/g;
const BASE64 = /[A-Za-z0-9+/_-]{40,}/g;

/** Finds auth keys and access tokens in a text, also in bytes that are printed as numbers or in base64. */
export function findCanaries(text: string): readonly Finding[] {
  const found: { what: Finding["what"]; at: number }[] = [];
  const look = (pattern: RegExp, what: Finding["what"]) => {
    for (const { index } of text.matchAll(pattern)) found.push({ what, at: index });
  };
  look(AUTH_KEY, "auth key");
  look(TOKEN, "access token");
  for (const [pattern, decode] of DECODERS) {
    for (const { index, 0: encoded } of text.matchAll(pattern)) {
      // Base64 may begin anywhere within a group of four characters.
      const inside = decode(encoded).flatMap((decoded) => findPlain(decoded));
      found.push(...inside.map((what) => ({ what, at: index })));
    }
  }
  return found.map(({ what, at }) => ({ what, line: text.slice(0, at).split("\n").length }));
}

function findPlain(text: string): Finding["what"][] {
  const found: Finding["what"][] = [];
  if (text.search(AUTH_KEY) >= 0) found.push("auth key");
  if (text.search(TOKEN) >= 0) found.push("access token");
  return found;
}

const DECODERS: readonly (readonly [RegExp, (encoded: string) => string[]])[] = [
  [HEXADECIMAL, (encoded) => [Buffer.from(encoded.replaceAll(" ", ""), "hex").toString("latin1")]],
  [DECIMAL, (encoded) => [Buffer.from(encoded.split(",").map(Number)).toString("latin1")]],
  [
    BASE64,
    (encoded) => [0, 1, 2, 3].map((start) => Buffer.from(encoded.slice(start), "base64").toString("latin1")),
  ],
];
