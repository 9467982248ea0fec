import assert from "node:assert/strict";
import { watch } from "node:fs";
import type { TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { endedCleanly } from "../nothing-left.ts";
import { type Ended, type RunningCommand, startCommand } from "../start-command.ts";
import { type Kind, madeBy, madeOf, removeMadeBy } from "./docker.ts";

export interface InDocker extends RunningCommand {
  /** Resolves when Docker has of this run one of this kind, whose name matches. */
  makes(kind: Kind, name?: RegExp): Promise<void>;
  /** What Docker has of this run. */
  made(): Promise<string[]>;
  /** Its end, after which no process, no file, no container, no network and no volume of it is left. */
  endedCleanly(): Promise<Ended>;
}

/** A command with --runtime docker, as startCommand runs it; the end of the test removes what is left of it. */
export async function startInDocker(
  t: TestContext,
  args: readonly string[],
  { command = "demo", ...options }: { command?: string } & Parameters<typeof startCommand>[3] = {},
): Promise<InDocker> {
  const inDocker = args.includes("--runtime") ? args : [...args, "--runtime", "docker"];
  const running = await startCommand(t, command, inDocker, options);
  // The run's folder gives its projects their names, and is gone at the end.
  const folders = new Set<string>();
  const watcher = watch(running.tmp, (_, name) => {
    if (name?.startsWith("alb502-")) folders.add(name.toLowerCase());
  });
  watcher.on("error", () => {}); // its folder goes with the test
  const made = async () => (await Promise.all([...folders].map(madeBy))).flat();
  t.after(async () => {
    watcher.close();
    for (const folder of folders) await removeMadeBy(folder);
  });
  return {
    ...running,
    made,
    async makes(kind, name = /^/) {
      let ended = false;
      void running.ended.then(() => {
        ended = true;
      });
      const found = async () => (await Promise.all([...folders].map((folder) => madeOf(kind, folder)))).flat();
      while (!(await found()).some((line) => name.test(line.split(" ")[1]!))) {
        if (ended) assert.fail(`it ended without a ${kind} ${name}`);
        await delay(50); // without it, looking takes a whole core from what is looked for
      }
    },
    async endedCleanly() {
      const ended = await endedCleanly(running);
      assert.ok(folders.size > 0, "the run's folder was not seen, which gives its projects their names");
      assert.deepEqual(await made(), [], "left in Docker");
      return ended;
    },
  };
}
