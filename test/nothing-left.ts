import assert from "node:assert/strict";
import { assertPortFree } from "../src/stage/ports.ts";
import type { Ended, RunningCommand } from "./start-command.ts";

/** Waits for the command's end, and asserts that it leaves no process and no file in its TMPDIR. */
export async function endedCleanly(running: RunningCommand): Promise<Ended> {
  const ended = await running.ended;
  assert.deepEqual(await running.living(), [], "processes left");
  assert.deepEqual(await running.leftovers(), [], "files left");
  return ended;
}

/** @returns the one line that standard error has; its exit code says that this is no stack trace */
export function oneLine({ stderr }: Ended): string {
  assert.match(stderr, /^alb502: [^\n]+\n$/);
  return stderr.trimEnd();
}

/**
 * Two neighbouring ports for --port, below those that the product takes by itself: commands that run side by side must
 * not be given one that another is about to listen on.
 */
export async function portPair(): Promise<number> {
  for (;;) {
    const port = next;
    next += 2;
    try {
      for (const one of [port, port + 1]) await assertPortFree(one);
      return port;
    } catch {
      // In use: try the next two.
    }
  }
}

let next = 10_000 + 2 * Math.floor(Math.random() * 4000);
