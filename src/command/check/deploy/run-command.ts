import { setTimeout as delay } from "node:timers/promises";
import { fitToShow, startUserCommand, stopAtTheEnd } from "../../../app/user-command.ts";
import { InconclusiveError } from "../../../run/exit.ts";
import type { Run } from "../../../run/run.ts";
import { secretsOf } from "../../started-app.ts";
import type { DeployOptions } from "./options.ts";

/**
 * Runs the user's own command, with the user's own environment. What it leaves running in the background is meant to stay,
 * so that its end is the shell's, not its output's.
 * @returns its exit code; null = ended by a signal
 * @throws InconclusiveError when it takes longer than it may
 */
export async function runCommand(
  run: Run,
  { deploy, deployTimeoutMs, request }: Pick<DeployOptions, "deploy" | "deployTimeoutMs" | "request">,
): Promise<number | null> {
  const command = await startUserCommand({
    name: "--deploy's command",
    command: deploy,
    atOurEnd: "INT",
    secrets: secretsOf(request),
    onLine: (line) => run.progress.line(`  | ${fitToShow(line)}`),
  });
  let hasEnded = false;
  const stop = async () => {
    if (hasEnded) command.letGo();
    else await command.stop("SIGINT", STOP_MS);
  };
  stopAtTheEnd(run, command, "--deploy's command", stop);
  const late = new AbortController();
  const exit = await Promise.race([command.ended, delay(deployTimeoutMs, null, { signal: late.signal })]);
  if (exit === null) {
    await stop();
    throw new InconclusiveError(
      `--deploy's command was still running after ${deployTimeoutMs / 1000} s, and was stopped: give a longer --deploy-timeout, or a command that ends`,
    );
  }
  late.abort();
  hasEnded = true;
  return exit.code;
}

/** As Ctrl-C; then SIGKILL. */
const STOP_MS = 5000;
