import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { type ProcessSpec, type RunningProcess, startProcess } from "../../src/run/process.ts";
import type { Run } from "../../src/run/run.ts";
import { freePorts } from "../../src/stage/ports.ts";
import { answersOk, waitUntilReady } from "../../src/stage/wait-until-ready.ts";

/** A server that this project did not write, answering on loopback until the run's end. */
export interface RealServer {
  /** With a slash at its end. */
  url: string;
  /** Of the server and, where that has a say, of its language: "gunicorn 27.0.1". */
  version: string;
}

/** Where one server is to run: a port of its own and a folder that goes with the run. */
export interface Place {
  port: number;
  folder: string;
}

/**
 * Starts a real server and waits until it answers with 200. The run's end stops it, with all that it started.
 * @param spec what to run at that place; whatever it writes it has to write into `folder`
 * @throws EnvironmentError with its last words when it does not come up
 */
export async function startServer(
  run: Run,
  version: string,
  spec: (place: Place) => Promise<ProcessSpec> | ProcessSpec,
): Promise<RealServer> {
  const [port] = (await freePorts(1)) as [number];
  const process = await startProcess(await spec({ port, folder: await mkdtemp(join(run.folder, "server-")) }));
  run.defer(() => endGroup(process));
  const url = `http://127.0.0.1:${port}/`;
  // Ten of them start at once: Python's take seconds then.
  await waitUntilReady(process, () => answersOk(url), { signal: run.signal, timeoutMs: 30_000 });
  return { url, version };
}

/**
 * As Ctrl-C in a terminal ends it: SIGINT to the whole group. A SIGTERM would be an orderly end, which waits for idle
 * connections (gunicorn: 30 s) or is none at all (uWSGI reloads on it). What is left after a while is killed.
 */
async function endGroup(server: RunningProcess): Promise<void> {
  server.stopping = true;
  signalGroup(server, "SIGINT");
  const kill = setTimeout(() => signalGroup(server, "SIGKILL"), GRACE_MS);
  await server.exited; // of all that hold its output: workers and routers too
  clearTimeout(kill);
}

const GRACE_MS = 2000;

function signalGroup({ pid }: RunningProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // All of it has ended already.
  }
}
