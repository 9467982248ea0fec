import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const ROOT = join(import.meta.dirname, "..");

/** Where npm test has bundled the programs that tests start (scripts/test/bundle-tests.ts); not set for a file by itself. */
const { ALB502_TEST_PROGRAMS: BUNDLED } = process.env;

/** What Node runs for `npm run COMMAND`, "" for none: scripts/run.mjs, or a bundle of it, which compiles nothing at each start. */
export function programOf(command: string): string {
  const isBundled = command !== "" && existsSync(join(ROOT, "src/command", command));
  return BUNDLED && isBundled ? join(BUNDLED, "scripts/run.mjs") : join(ROOT, "scripts/run.mjs");
}

/** Node's arguments that run `npm run bench`: without a bundle as npm does, else its main() alone. */
export const BENCH: readonly string[] = BUNDLED
  ? ["--input-type=module", "--eval", benchAlone(join(BUNDLED, "scripts/bench.mjs")), "--"]
  : [join(ROOT, "scripts/run.mjs"), "bench"];

function benchAlone(file: string): string {
  return `
    const { main } = await import(${JSON.stringify(pathToFileURL(file).href)});
    process.exitCode = await main(process.argv.slice(1));`;
}

/** Node's arguments that run the target app. */
export const TARGET_APP: readonly string[] = BUNDLED
  ? [join(BUNDLED, "target-app/main.mjs")]
  : ["--import", "tsx", join(ROOT, "target-app/main.ts")];
