/** ISO 8601 durations, as app settings give them. */
import { parse } from "tinyduration";
import { parsedText, Refusal, refusalOf, type Schema } from "./problems.ts";

export interface Span {
  /** ISO 8601, as it was configured. */
  readonly text: string;
  readonly ms: number;
}

const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

// Ten years: nobody rotates that rarely, and every date computed from a span stays valid.
const LONGEST: Span = { text: "P3650D", ms: 3650 * DAY };

// The parser finds a duration anywhere in a text and ignores the rest, so the whole text is matched here.
const DURATION =
  /^P(?!$)(?:\d+(?:[.,]\d+)?W)?(?:\d+(?:[.,]\d+)?D)?(?:T(?=\d)(?:\d+(?:[.,]\d+)?H)?(?:\d+(?:[.,]\d+)?M)?(?:\d+(?:[.,]\d+)?S)?)?$/;

/** A schema of ISO 8601 durations that are positive and within these bounds. */
export function duration(example: string, shortest?: Span, longest = LONGEST): Schema<Span> {
  const accepted = `an ISO 8601 duration in weeks, days, hours, minutes or seconds, such as "${example}" (years and months vary in length)`;
  return parsedText(accepted, (text) => {
    const ms = milliseconds(text);
    if (ms === undefined) return undefined;
    if (ms === 0) return new Refusal(refusalOf(text, `a duration longer than zero, such as "${example}"`));
    if (shortest && ms < shortest.ms) return new Refusal(refusalOf(text, `at least "${shortest.text}"`));
    if (ms > longest.ms) return new Refusal(refusalOf(text, `at most "${longest.text}"`));
    return { text, ms };
  });
}

function milliseconds(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined;
  const { weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0 } = parse(text);
  return Math.round((weeks * 7 + days) * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND);
}
