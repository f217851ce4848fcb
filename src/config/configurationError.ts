/** The error that lists what is wrong with the app settings. */

/** The app settings cannot be used. Lists everything that is wrong with them, never a credential. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The app settings are not valid:\n${problems.map((problem) => `- ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}
