import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { endpointOf } from "../record/endpoint.ts";
import { EnvironmentError, InconclusiveError } from "../run/exit.ts";
import { keepFile } from "../run/out-folder.ts";
import type { Exit } from "../run/process.ts";
import type { Run } from "../run/run.ts";
import { removeLeftBehind } from "../stage/left-behind.ts";
import { askWhetherReady, listens } from "./asks.ts";
import { hiding } from "./hide.ts";
import { listeningPorts } from "./listening-ports.ts";
import { saidPorts } from "./said-ports.ts";
import { fitToShow, startUserCommand, stopAtTheEnd, type UserCommand } from "./user-command.ts";

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
        "add --reuse-existing-server to use it as it is",
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
  const hide = hiding(secrets);
  const started = await startUserCommand({
    name: "--start's command",
    command,
    cwd,
    env,
    atOurEnd: "KILL",
    onLine: (line) => void stream.write(`${hide(line)}\n`),
  });
  const shown: UserCommand = { ...started, tail: () => started.tail().map(hide) };
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
  return { command: shown, log };
}

/** @throws EnvironmentError when it ends first, or does not listen in time */
async function waitUntilReady({ signal, progress }: Run, { url, timeoutMs }: AppSpec, command: UserCommand) {
  let exit: Exit | null = null;
  void command.ended.then((end) => {
    exit = end;
  });
  const [beganMs, name] = [performance.now(), nameOf(url)];
  let oddSinceMs: number | null = null;
  let tellAtMs = TELL_AFTER_MS;
  let told: number | null | undefined;
  for (;;) {
    const leftMs = beganMs + timeoutMs - performance.now();
    const ready = await Promise.race([askWhetherReady(url, Math.max(100, leftMs), signal), command.ended]);
    signal.throwIfAborted();
    if (exit !== null || typeof ready === "object") {
      const end = exit ?? (ready as Exit);
      tellTail(progress, command);
      throw new EnvironmentError(
        `--start's command ended before ${name} answered (${howItEnded(end)})${because(command)}`,
        end.code === 0 ? "give one that stays: in the foreground, without & or -d" : "",
      );
    }
    if (ready === "ready") return;
    oddSinceMs = ready === "odd" ? (oddSinceMs ?? performance.now()) : null;
    // Whoever asks next says what is wrong with it: that it speaks TLS, say, or answers 503 for ever.
    if (ready !== "no" && leftMs <= 0) return;
    if (oddSinceMs !== null && performance.now() - oddSinceMs > ODD_MS) return;
    if (leftMs <= 0) break;
    if (timeoutMs - leftMs > tellAtMs) {
      const other = await otherPort(command, url);
      if (other !== told) {
        const said = other === null ? "" : `; it listens at port ${other}`;
        progress.line(
          `still waiting until something listens at ${name}, for ${Math.round(leftMs / 1000)} s at most${said}`,
        );
      }
      told = other;
      tellAtMs += LOOK_AGAIN_MS;
    }
    await delay(ASK_AGAIN_MS, undefined, { signal });
  }
  const other = await otherPort(command, url);
  tellTail(progress, command);
  throw new EnvironmentError(
    `nothing listens at ${name} ${timeoutMs / 1000} s after --start's command was started${other === null ? because(command) : ""}`,
    other === null
      ? "give the URL where it does, or a longer --start-timeout"
      : `it listens at port ${other}: give that one, or have it listen at ${endpointOf(url).port}, e.g. by --start-env PORT=${endpointOf(url).port}`,
  );
}

const ASK_AGAIN_MS = 100;
const ODD_MS = 3000;
const TELL_AFTER_MS = 5000;
/** By then it may listen somewhere: then that is said too, instead of a minute's silence. */
const LOOK_AGAIN_MS = 2000;

/**
 * A port where the app listens; null where there is none but the one that was asked for. A port that it names may be its
 * database's, so those come first that are its own as well; in a container none is.
 */
async function otherPort(command: UserCommand, url: URL): Promise<number | null> {
  const { host, port } = endpointOf(url);
  const own = await listeningPorts(command.pid);
  const said = saidPorts(command.tail());
  for (const other of [...said.filter((one) => own.includes(one)), ...own, ...said]) {
    if (other !== port && (await listens({ host, port: other }))) return other;
  }
  return null;
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

const howItEnded = ({ code, signal }: Exit): string => signal ?? `exit code ${code}`;

function tellTail({ line }: Run["progress"], command: UserCommand): void {
  const lines = command.tail().slice(-TOLD_LINES);
  if (lines.length > 0) line("the app's last lines:");
  for (const one of lines) line(`  | ${one}`);
}

const TOLD_LINES = 20;

/** The line that says most, for an error of one line. */
function because(command: UserCommand): string {
  const lines = command.tail();
  const words =
    lines.findLast((line) => THROWN.test(line)) ?? lines.findLast((line) => ERROR.test(line)) ?? lines.at(-1);
  return words === undefined ? ", without a word" : `: ${fitToShow(words.trim()).slice(0, 160)}`;
}

/** As Node, Python and Java put it; and as logs do, but for what npm says of its script. */
const THROWN = /^(?:Uncaught |Caused by: )*[\w.]*(?:Error|Exception)\b/;
const ERROR = /^(?!npm ).*error\b/i;

/** host:port, never a path or a query. */
const nameOf = (url: URL): string => `${url.hostname}:${endpointOf(url).port}`;
