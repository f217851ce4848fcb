/**
 * Reads what a whole run of something printed and fails where an auth key or an access token is in it:
 * `node test/support/readOutput.ts FILE...`, of standard input where no file is named. Tells lines, never texts.
 */
import { readFileSync } from "node:fs";
import { findCanaries } from "./canaries.ts";

const files = process.argv.slice(2);
let found = 0;
for (const file of files.length > 0 ? files : [0]) {
  const text = readFileSync(file, "utf8");
  const name = file === 0 ? "standard input" : file;
  for (const { what, line } of findCanaries(text)) console.log(`${name}:${line}: ${what}`);
  found += findCanaries(text).length;
  console.log(`redaction: ${text.length} characters of ${name} read`);
}
console.log(`redaction: ${found} values shown`);
process.exitCode = found > 0 ? 1 : 0;
