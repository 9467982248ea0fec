import { rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { RAN_OUT, watchForTheEnd } from "./ending.ts";
import { EnvironmentError, EXIT } from "./exit.ts";
import type { Progress } from "./progress.ts";
import { makeOwnedFolder, recordParts } from "./run-folder.ts";
import { createUndos, type Left, type Undos } from "./undos.ts";

/** What one command has while it runs; everything in it ends with the command. */
export interface Run {
  /** Aborted by Ctrl-C, SIGTERM or SIGHUP, and by a failure that nobody handles. */
  signal: AbortSignal;
  progress: Progress;
  /** A folder of this run alone, removed at its end. */
  folder: string;
  /** `undo` is called at the end, however it comes, last one first. */
  defer: Undos["defer"];
}

/**
 * Runs `body`, then undoes what it started: on success, failure, Ctrl-C and SIGTERM. The signal is aborted at the end,
 * however it comes: what the body waits for has to end with it, or with the parts that are stopped then.
 * Whoever interrupts a second time waits no longer than 10 s: what is left then is named, and this process ends.
 * @param outer interrupts it inside of somebody else's process, whose signals and failures are then left alone
 * @returns the body's exit code, or 130 when it was interrupted.
 * @throws what the body threw, what else failed while it ran, or what could not be undone
 */
export async function withRun(
  progress: Progress,
  body: (run: Run) => Promise<number>,
  outer?: AbortSignal,
): Promise<number> {
  const ending = watchForTheEnd(progress, outer);
  const { signal } = ending;
  const folder = await makeRunFolder().catch((error) => {
    ending.stop();
    throw error;
  });
  const stopRecording = recordParts(folder);
  const removeAtExit = () => rmSync(folder, { recursive: true, force: true }); // an end that runs no `finally`
  process.on("exit", removeAtExit);
  const undos = createUndos();

  const work = (async () => body({ signal, progress, folder, defer: undos.defer }))();
  const worked = await settle(Promise.race([work, rejectOnAbort(signal)]));
  ending.over();
  const undone = await Promise.race([settle(undoAll(undos, work, folder)), ending.ranOut]);
  const left = undos.left();
  tellWhatIsLeft(left, undone === RAN_OUT);
  // Something that hangs keeps this process alive. Its children end with it.
  if (undone === RAN_OUT) setTimeout(() => process.exit(), 500).unref();
  else process.off("exit", removeAtExit);
  stopRecording();
  ending.stop();

  if (ending.failure) throw ending.failure.error;
  if ("error" in worked && !ending.interrupted) throw worked.error;
  if (undone !== RAN_OUT && "error" in undone && !(ending.interrupted && left.length > 0)) throw undone.error;
  return ending.interrupted || "error" in worked ? EXIT.interrupted : worked.value;
}

type Settled<T> = { value: T } | { error: unknown };

const settle = <T>(promise: Promise<T>): Promise<Settled<T>> =>
  promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );

async function undoAll(undos: Undos, work: Promise<unknown>, folder: string): Promise<void> {
  const first = await settle(undos.all());
  // An interrupted body may still be running, and may have started more and filled the folder.
  await settle(work);
  const second = await settle(undos.all());
  await rm(folder, { recursive: true, force: true });
  for (const undone of [first, second]) if ("error" in undone) throw undone.error;
}

/** In one line, even where an error has its own, which names one thing only. */
function tellWhatIsLeft(left: readonly Left[], gaveUp: boolean): void {
  // A Docker project may be there twice: each subnet that it was tried in has left it.
  const each = [...new Map(left.map((one) => [one.command, one])).values()];
  const what = each.map(({ what }) => what).join(", ");
  const how = each.map(({ command }) => command).join("; ");
  const words = [gaveUp && "given up while stopping", what && `left: ${what}. To remove it: ${how}`].filter(Boolean);
  if (words.length > 0) process.stderr.write(`alb502: ${words.join("; ")}\n`);
}

async function makeRunFolder(): Promise<string> {
  try {
    // Short: the pool's Unix socket lies in it, and a socket's path may have 104 bytes at most (macOS).
    return await makeOwnedFolder(tmpdir(), "alb502-");
  } catch (error) {
    throw new EnvironmentError(
      `no folder can be made in ${tmpdir()}: ${(error as Error).message}; set TMPDIR to another`,
    );
  }
}

/** The folders of runs in the folder for temporary files, one a run. */
export const RUN_FOLDERS = /^alb502-[A-Za-z0-9]{6}$/;

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
