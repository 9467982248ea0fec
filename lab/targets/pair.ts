import { join } from "node:path";
import { type RunningProcess, startProcess } from "../../src/run/process.ts";
import type { Run } from "../../src/run/run.ts";
import { freePorts } from "../../src/stage/ports.ts";
import { answersOk, waitUntilReady } from "../../src/stage/wait-until-ready.ts";

/** close: server.close() on SIGTERM. drain: the health check fails first, then answers end their connections. */
export type ShutdownOrder = "close" | "drain";

/** Two targets whose processes can be replaced, each on a port of its own. */
export interface Pair {
  ports: readonly [number, number];
  version: string;
  /** SIGTERM to one of them. Resolves when it has ended. */
  stop(i: number): Promise<void>;
  /** Resolves when it answers. */
  start(i: number): Promise<void>;
}

/** Starts both; the run's end kills them. */
export async function startPair(run: Run, order: ShutdownOrder): Promise<Pair> {
  const ports = (await freePorts(2)) as [number, number];
  const running: RunningProcess[] = [];
  const start = async (i: number) => {
    const target = await startProcess({
      name: `target ${i + 1}`,
      command: process.execPath,
      args: [PROGRAM, String(ports[i]), order],
    });
    running[i] = target;
    await waitUntilReady(target, () => answersOk(`http://127.0.0.1:${ports[i]}/health`), run);
  };
  run.defer(async () => void (await Promise.all(running.map((one) => one.stop(0)))));
  await Promise.all([start(0), start(1)]);
  return {
    ...{ ports, start, version: `Node ${process.versions.node}, two processes` },
    stop: (i) => running[i]!.stop(LONGEST_END_MS),
  };
}

const PROGRAM = join(import.meta.dirname, "deployable.cjs");
const LONGEST_END_MS = 20_000;
