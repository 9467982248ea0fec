import { annotationOf } from "../../src/report/github.ts";
import { EXIT, UsageError } from "../../src/run/exit.ts";
import { createProgress } from "../../src/run/progress.ts";
import { withRun } from "../../src/run/run.ts";
import { commentOnPullRequest } from "./comment-on-pull-request.ts";
import { waitFor } from "./wait-for.ts";

/**
 * `wait` and `comment`, as action.yml calls them; what they need is in the environment.
 * @returns the exit code: of `comment` 0, whatever happens, since a comment must not change a verdict
 */
export const main = (task: string | undefined, env: NodeJS.ProcessEnv): Promise<number> =>
  withRun(createProgress(process.stdout), async ({ progress, signal }) => {
    try {
      if (task === "wait") await waitFor(env.IN_WAIT_ON ?? "", env.IN_URL ?? "", progress, signal);
      else if (task === "comment") await commentOnPullRequest(env, progress, signal);
      else throw new UsageError(`the task is "${task}", expected wait or comment`);
      return EXIT.asExpected;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof UsageError)) throw error;
      progress.line(`alb502: ${error.message}`);
      progress.line(annotationOf("error", "alb502 wait-on: not ready", error.message));
      return EXIT.usageOrEnvironment;
    }
  });
