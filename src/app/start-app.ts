import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { endpointOf } from "../record/endpoint.ts";
import { EnvironmentError, InconclusiveError } from "../run/exit.ts";
import { keepFile } from "../run/out-folder.ts";
import type { Run } from "../run/run.ts";
import { removeLeftBehind } from "../stage/left-behind.ts";
import { listens } from "./asks.ts";
import { because, howItEnded, tellTail } from "./last-words.ts";
import { startUserCommand, stopAtTheEnd, type UserCommand } from "./user-command.ts";
import { nameOf, waitUntilReady } from "./wait-until-ready.ts";

/** How an app is started, waited for and stopped. The names are those of Playwright's webServer. */
export interface AppSpec {
  /** One text is a shell's (`sh -c`); a list is a program and its arguments, with no shell in between. */
  command: string | readonly string[];
  /** Where it will answer; what is there already is in the way. */
  url: URL;
  /** An absolute path. */
  cwd: string;
  /** Added to this process's own environment. */
  env: Readonly<Record<string, string>>;
  timeoutMs: number;
  /** Whether what listens at `url` already is used, and then neither started nor stopped. */
  reuseExistingServer: boolean;
  gracefulShutdown: { signal: NodeJS.Signals; timeoutMs: number };
  /** What must not be shown or kept, should the app say it: header values, a body, variables from a file. */
  secrets: readonly string[];
  /** The folder where its output is kept, as app.log; null = nowhere. */
  out: string | null;
}

/** An app that answers. It is stopped at the run's end, if it was started here. */
export interface App {
  /** False: it was there already. */
  started: boolean;
  /** Rejects with InconclusiveError when it ends by itself; never resolves. */
  died: Promise<never>;
  /** Whether it has ended by itself. */
  hasDied(): boolean;
}

/** What it wrote to standard output and error, in --out's folder. */
export const APP_LOG = "app.log";

/**
 * Starts the user's app and waits until it answers. Its output goes to a file, which is kept where `out` says so.
 * @throws EnvironmentError when something listens there already, when it ends first, or does not listen in time; UsageError
 * when the command cannot be run; the signal's reason after an abort
 */
export async function startApp(run: Run, spec: AppSpec): Promise<App> {
  const { url, reuseExistingServer } = spec;
  const { line } = run.progress;
  if (await isThere(run, url)) {
    if (!reuseExistingServer) {
      throw new EnvironmentError(
        `something listens at ${nameOf(url)} already, where --start's command is to listen`,
        "stop it",
        "add --reuse-existing-server (in a config file reuseExistingServer) to use it as it is",
      );
    }
    line(`the app: what listens at ${nameOf(url)} already (--reuse-existing-server); it is not stopped either`);
    return { started: false, died: new Promise(() => {}), hasDied: () => false };
  }
  const { command, log } = await startWithLog(run, spec);
  line(`the app: started by --start's command, at ${nameOf(url)}`);
  const beganMs = performance.now();
  await waitUntilReady(run, spec, command);
  line(`it answers after ${((performance.now() - beganMs) / 1000).toFixed(1)} s`);
  return watched(run, command, log);
}

/** What a killed run left there is removed first. */
async function isThere(run: Run, url: URL): Promise<boolean> {
  if (!(await listens(endpointOf(url)))) return false;
  const removed = await removeLeftBehind(false, run.signal);
  if (removed === null) return true;
  run.progress.line(removed);
  return listens(endpointOf(url));
}

interface Log {
  /** From here on its end is no surprise. */
  stopping: boolean;
}

async function startWithLog(run: Run, { command, cwd, env, secrets, out, gracefulShutdown }: AppSpec) {
  const file = join(run.folder, APP_LOG);
  const stream = createWriteStream(file, { mode: 0o600 });
  let problem: string | null = null;
  stream.on("error", ({ message }) => {
    problem = message;
  });
  const started = await startUserCommand({
    name: "--start's command",
    command,
    cwd,
    env,
    atOurEnd: "KILL",
    secrets,
    // A line may come after its end was waited for.
    onLine: (line) => void (stream.writableEnded || stream.write(`${line}\n`)),
  });
  const log: Log = { stopping: false };
  stopAtTheEnd(run, started, "the app", async () => {
    log.stopping = true;
    await started.stop(gracefulShutdown.signal, gracefulShutdown.timeoutMs);
    if (problem === null) await once(stream.end(), "close");
    if (out === null) return;
    if (problem !== null) return run.progress.line(`the app's log is not kept: ${problem}`);
    await keepFile(out, APP_LOG, (fd) =>
      pipeline(createReadStream(file), createWriteStream("", { fd, autoClose: false })),
    );
  });
  return { command: started, log };
}

function watched({ progress }: Run, command: UserCommand, log: Log): App {
  let hasDied = false;
  const died = command.ended.then((exit): Promise<never> => {
    if (log.stopping) return new Promise(() => {});
    hasDied = true;
    tellTail(progress, command);
    throw new InconclusiveError(`the app that --start started ended (${howItEnded(exit)})${because(command)}`);
  });
  died.catch(() => {}); // for whoever races against it
  return { started: true, died, hasDied: () => hasDied };
}
