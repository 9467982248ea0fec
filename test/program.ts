import { existsSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");

/** Where npm test has bundled the programs that tests start (scripts/test/bundle-tests.ts); not set for a file by itself. */
const { ALB502_TEST_PROGRAMS: BUNDLED } = process.env;

/** What Node runs for `npm run COMMAND`, "" for none: scripts/run.mjs, or a bundle of it, which compiles nothing at each start. */
export function programOf(command: string): string {
  const isBundled = command !== "" && existsSync(join(ROOT, "src/command", command));
  return BUNDLED && isBundled ? join(BUNDLED, "scripts/run.mjs") : join(ROOT, "scripts/run.mjs");
}

/** Node's arguments that run the target app. */
export const TARGET_APP: readonly string[] = BUNDLED
  ? [join(BUNDLED, "target-app/main.mjs")]
  : ["--import", "tsx", join(ROOT, "target-app/main.ts")];
