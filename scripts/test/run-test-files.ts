import { setTimeout as delay } from "node:timers/promises";
import type { Run } from "../../src/run/run.ts";
import { createBusyShare } from "./busy-share.ts";
import { runNode } from "./run-node.ts";
import { closing, readSaid, type Said } from "./said.ts";

/** A test file: its name for people, and what Node runs. */
export interface TestFile {
  name: string;
  built: string;
}

export interface Order {
  /** What waits for long, from the first to begin to the last, and what runs beside it. */
  early: readonly TestFile[];
  any: readonly TestFile[];
  /** How many of each of the two run at once in any case, and how many at most, while the cores have room for another. */
  atOnce: { least: number; most: number };
  /** After these, one at a time. */
  quiet: readonly TestFile[];
  cwd: string;
  /** Of the tests, beside this process's own. */
  env: NodeJS.ProcessEnv;
}

/**
 * Runs each test file in a process of its own and prints what it said when it has ended, so that what runs at once is
 * not mixed up; at the end the closing lines of Node's runner, once for all. @returns whether all passed
 */
export async function runTestFiles(run: Run, { early, any, quiet, atOnce, cwd, env }: Order): Promise<boolean> {
  const startMs = performance.now();
  const ended: Said[] = [];
  const runFile = async ({ name, built }: TestFile) => {
    const beganMs = performance.now();
    const args = ["--enable-source-maps", "--test-reporter=spec", built];
    const { code, output } = await runNode(run, args, { cwd, env });
    run.signal.throwIfAborted();
    const said = readSaid(name, output, code);
    ended.push(said);
    run.progress.line(`\n${name} (${((performance.now() - beganMs) / 1000).toFixed(1)} s)\n${said.body}`);
  };
  const isBusy = lately(createBusyShare());
  await Promise.all([early, any].map((files) => whileThereIsRoom(files, atOnce, isBusy, runFile)));
  for (const file of quiet) await runFile(file);
  run.progress.line(closing(ended, performance.now() - startMs));
  return ended.every(({ failures }) => failures === "");
}

/**
 * Most tests wait most of the time, for idle connections to be closed, and can wait together; each also has moments in which
 * it starts programs or aims at an instant. So another one begins when the cores were not busy for a second.
 */
async function whileThereIsRoom(
  files: readonly TestFile[],
  { least, most }: Order["atOnce"],
  isBusy: () => boolean,
  runFile: (file: TestFile) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  for (const file of files) {
    while (running.size >= most || (running.size >= least && isBusy())) {
      await Promise.race([...running, delay(LOOK_MS)]);
    }
    const one = runFile(file).finally(() => running.delete(one));
    running.add(one);
    // What it starts has to show before there is a next one.
    if (running.size >= least) await Promise.race([...running, delay(LOOK_MS)]);
  }
  await Promise.all(running);
}

/** Looks once a second, whoever asks: a shorter look says nothing. */
function lately(busyShare: () => number): () => boolean {
  let [atMs, isBusy] = [performance.now(), false];
  return () => {
    if (performance.now() - atMs < LOOK_MS) return isBusy;
    [atMs, isBusy] = [performance.now(), busyShare() > BUSY];
    return isBusy;
  };
}

/** Of all cores' time. */
const BUSY = 0.5;
const LOOK_MS = 1000;
