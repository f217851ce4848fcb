/** A process that explores its share of the scenarios and tells its parent what came of it. */
import { exploreShare } from "./exploreShare.ts";

const { bounds, part, parts } = JSON.parse(process.argv[2] ?? "");
process.send?.(await exploreShare(bounds, { part, parts }));
process.disconnect?.();
