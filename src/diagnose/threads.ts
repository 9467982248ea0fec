import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { ROOT } from "../run/root.ts";
import type { BatchRead, Reading } from "./read-batch.ts";
import type { Order, Told } from "./read-thread.ts";
import type { Source } from "./sources.ts";

/** Threads that read batches of files, each one batch at a time. */
export interface Threads {
  read(batch: readonly Source[], reading: Reading): Promise<BatchRead>;
  end(): Promise<void>;
}

export async function startThreads(count: number): Promise<Threads> {
  const code = await readThread();
  const all = Array.from({ length: count }, () => new Worker(code, { eval: true, execArgv: [] }));
  const idle = [...all];
  const waiting: ((worker: Worker) => void)[] = [];
  const free = async (): Promise<Worker> => idle.pop() ?? new Promise((resolve) => waiting.push(resolve));
  return {
    async read(batch, reading) {
      const worker = await free();
      const read = await order(worker, batch, reading);
      const next = waiting.shift();
      if (next) next(worker);
      else idle.push(worker);
      return read;
    },
    async end() {
      await Promise.all(all.map((worker) => worker.terminate()));
    },
  };
}

/** @throws what the thread throws, and when the signal is aborted */
function order(worker: Worker, batch: readonly Source[], { filter, signal, onChunk }: Reading): Promise<BatchRead> {
  return new Promise((resolve, reject) => {
    const ended = new AbortController();
    const end = (then: () => void) => {
      ended.abort();
      then();
    };
    const tell = ({ bytes, read }: Told) => {
      try {
        onChunk(bytes, batch[0]!);
      } catch (error) {
        end(() => reject(error));
      }
      if (read !== undefined) end(() => resolve(read));
    };
    const fail = (error: unknown) => end(() => reject(error));
    const abort = () => fail(signal.reason);
    worker.on("message", tell).on("error", fail);
    signal.addEventListener("abort", abort);
    ended.signal.addEventListener("abort", () => {
      worker.off("message", tell).off("error", fail);
      signal.removeEventListener("abort", abort);
    });
    const files = batch.map(({ path, size }) => ({ path: path!, size: size! }));
    worker.postMessage({ files, filter } satisfies Order);
  });
}

/** The thread's code as one script: a thread reads no TypeScript by itself. The package holds it ready. */
export async function readThread(): Promise<string> {
  if (import.meta.inPackage) {
    return readFile(join(ROOT, "dist", READ_THREAD), "utf8");
  } else {
    const { build } = await import("esbuild");
    const { outputFiles } = await build({
      entryPoints: [join(ROOT, "src/diagnose/read-thread.ts")],
      write: false,
      bundle: true,
      format: "cjs",
      platform: "node",
      target: "node20",
      logLevel: "silent", // errors reach the caller as an exception
    });
    return outputFiles[0]!.text;
  }
}

export const READ_THREAD = "read-thread.cjs";
