import type { ProcessFigures } from "./proveProcesses.ts";

/** The figures for a person. */
export function tell(figures: ProcessFigures): string {
  const { seed, rounds, calms, processes, calls, kills, leasesEnded, regenerates, versions } = figures;
  const killed = Object.entries(figures.killsAt).toSorted(([a], [b]) => a.localeCompare(b));
  const elsewhere = kills - killed.reduce((sum, [, { before, after }]) => sum + before + after, 0);
  return [
    `${rounds} rounds in ${figures.seconds} s with seed ${seed}, ${calms} of them followed by three quiet ticks`,
    `${processes} processes of the built app, ${calls} calls to Azure, ${regenerates} keys regenerated, ${versions} versions written`,
    `${kills} processes killed (SIGKILL) in the middle of a run, ${elsewhere} of them at a random moment, the others at a call:`,
    "  before  after its effect",
    ...killed.map(([name, { before, after }]) => `  ${column(before)}  ${column(after)}  ${name}`),
    `${figures.lostAnswers} answers to a regenerate lost, ${figures.lateEffects} of them with an effect after the run`,
    `${leasesEnded} leases of runs that were over were ended at once: the one thing that is not waited for (60 s each)`,
    `${figures.textLooked} characters of logs, answers and output looked through`,
    ...table("invocations", figures.invocations),
    ...table("outcomes of single runtimes, as the app tells them", figures.outcomes),
    `violations: ${figures.violations.length}`,
    ...figures.violations.map((violation) => `  ${violation}`),
  ].join("\n");
}

function table(title: string, counts: Readonly<Record<string, number>>): string[] {
  const rows = Object.entries(counts).toSorted(([a], [b]) => a.localeCompare(b));
  return [`${title}:`, ...rows.map(([name, times]) => `  ${column(times)}  ${name}`)];
}

function column(figure: number): string {
  return `${figure}`.padStart(6);
}
