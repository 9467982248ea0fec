// ensure.ts NAME...: a command like demo, cut down to getting its parts; prints them as JSON.

import { ensureParts } from "../../src/parts/ensure-parts.ts";
import type { PartName } from "../../src/parts/part.ts";
import { createProgress } from "../../src/run/progress.ts";
import { withRun } from "../../src/run/run.ts";

process.exitCode = await withRun(createProgress(process.stderr), async (run) => {
  const parts = await ensureParts(process.argv.slice(2) as PartName[], run.progress, run.signal);
  console.log(JSON.stringify(parts));
  return 0;
}).catch((error: Error & { exitCode: number }) => {
  console.error(`alb502: ${error.message}`);
  return error.exitCode;
});
