import { availableParallelism } from "node:os";
import { startProcess } from "../src/run/process.ts";
import type { Run } from "../src/run/run.ts";
import { rejectWhenItDies } from "../src/stage/wait-until-ready.ts";

/**
 * Keeps every core busy until the run's end: a process for each that does nothing but compute.
 * @returns `died`, which rejects with InconclusiveError when one of them ends before
 */
export async function keepCoresBusy(run: Run): Promise<{ died: Promise<never> }> {
  const dying: Promise<never>[] = [];
  for (let core = 0; core < availableParallelism(); core++) {
    const computing = await startProcess({
      name: "a process that computes",
      command: process.execPath,
      args: ["--eval", "for (;;);"],
    });
    run.defer(() => computing.stop());
    run.signal.throwIfAborted();
    dying.push(rejectWhenItDies(computing));
  }
  const died = Promise.race(dying);
  died.catch(() => {}); // whoever awaits it sees it
  return { died };
}
