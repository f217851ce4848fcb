/** What every command for a terminal does the same way. */
import { type ParseArgsConfig, parseArgs } from "node:util";

/**
 * Reads the arguments of the command line. Where they ask for help, or cannot be used, prints how the command is called
 * and ends the process.
 */
export function readArguments<T extends ParseArgsConfig>(help: string, config: T) {
  if (process.argv.slice(2).some((argument) => argument === "--help" || argument === "-h")) {
    console.log(help);
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${help}`);
    process.exit(2);
  }
}

/** What a shell tells of a command that ended because nobody reads it any more (128 + SIGPIPE). */
export const READER_GONE = 141;

/** Calls once nobody reads what is printed any more, as with `| head`. What is printed after that goes nowhere. */
export function onReaderGone(call: () => void): void {
  let isGone = false;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    if (!isGone) call();
    isGone = true;
  });
}
