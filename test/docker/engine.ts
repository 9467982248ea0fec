import { fastLane } from "../../scripts/parts-for-tests.ts";
import { EnvironmentError } from "../../src/run/exit.ts";
import { createProgress } from "../../src/run/progress.ts";
import { withRun } from "../../src/run/run.ts";
import { readComposeFacts } from "../../src/stage/docker/compose.ts";
import { findEngine } from "../../src/stage/docker/engine.ts";
import { ensureImages } from "../../src/stage/docker/images.ts";

/**
 * Whether the tests in containers can run here: an engine answers, and has the images or can pull them.
 * @returns what node:test's `skip` takes: false, or the reason, which is also printed to standard error
 * @throws EnvironmentError instead of a reason, where ALB502_TEST_DOCKER=required says that they must not be skipped
 */
export async function dockerOrSkip(): Promise<string | false> {
  if (fastLane) return fastLane;
  try {
    await withRun(createProgress(process.stderr), async (run) => {
      await findEngine(run.signal);
      const { images } = await readComposeFacts(run.signal);
      await ensureImages(run, images, ["haproxy", "k6", "toxiproxy", "node"], import.meta.dirname);
      return 0;
    });
    return false;
  } catch (error) {
    if (!(error instanceof EnvironmentError) || process.env.ALB502_TEST_DOCKER === "required") throw error;
    const reason = `NOT TESTED: the containers. ${error.message}`;
    process.stderr.write(`\n${reason}\n\n`);
    return reason;
  }
}
