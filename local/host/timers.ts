import { Cron } from "croner";

const NAMES = /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat)\b/gi;

/**
 * Runs something by a timer's schedule: six fields of NCRONTAB, in UTC, never while it still runs.
 * @param schedule as registered, where `%NAME%` stands for a setting
 * @throws {Error} with the host's own words where there is no such setting or no such schedule
 */
export function startTimer(
  schedule: string,
  settings: Readonly<Record<string, string | undefined>>,
  run: () => Promise<void>,
): { stop(): void } {
  const expression = resolveSettings(schedule, settings).trim();
  // croner knows more than NCRONTAB does; what it adds must fail here as it would in Azure.
  const fields = expression.replace(NAMES, "0").split(/\s+/);
  if (fields.length !== 6 || !fields.every((field) => /^[\d*,/-]+$/.test(field))) throw invalid(expression);
  try {
    return new Cron(expression, { mode: "6-part", timezone: "UTC", domAndDow: true, protect: true }, run);
  } catch {
    throw invalid(expression);
  }
}

function resolveSettings(text: string, settings: Readonly<Record<string, string | undefined>>): string {
  return text.replace(/%([^%]+)%/g, (placeholder, name: string) => {
    const value = settings[name];
    if (!value) throw new Error(`'${placeholder}' does not resolve to a value.`);
    return value;
  });
}

function invalid(expression: string): Error {
  return new Error(
    `The schedule expression '${expression}' was not recognized as a valid cron expression or timespan string.`,
  );
}
