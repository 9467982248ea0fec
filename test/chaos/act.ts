import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { LivingProcess } from "../living.ts";
import type { Action, Part, Whom } from "./fault.ts";

/** What an action may be done to. */
export interface Scene {
  /** The command's own pid. */
  command: number;
  target: number | null;
  /** Of `up`. */
  port: number;
  /** The file that says by how much the command's clock is off. */
  clock: string;
  /** The command's processes, itself included. */
  living(): Promise<LivingProcess[]>;
  /** Aborted when the command has ended. */
  ended: AbortSignal;
}

/** Does it. @returns whether it was done: false where whom it was meant for is not there, or no longer */
export async function act(action: Action, scene: Scene): Promise<boolean> {
  switch (action.do) {
    case "signal":
      return send(await pidOf(action.to, scene), action.signal);
    case "pause":
      return pause(await pidOf(action.to, scene), action.forMs);
    case "slow":
      return slow(action, scene);
    case "toxic":
      return addToxic(action, scene);
    case "hog": {
      const hogs = Array.from({ length: action.processes }, () =>
        spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore", timeout: action.forMs, killSignal: "SIGKILL" }),
      );
      await Promise.all(hogs.map((hog) => once(hog, "exit")));
      return true;
    }
    case "set clock":
      writeFileSync(scene.clock, action.by);
      return true;
    case "ask":
      for (let time = 0; time < action.times; time++) {
        await fetch(`http://127.0.0.1:${scene.port}/`, { signal: AbortSignal.timeout(5000) }).then(
          (answer) => answer.text(),
          () => {}, // a 502 of the LB is an answer; no answer at all is the fault's own doing
        );
      }
      return true;
  }
}

const PARTS: Record<Part, RegExp> = {
  HAProxy: /haproxy\.cfg/,
  Toxiproxy: /toxiproxy/,
  k6: /k6\S* run /,
  "the target app": /target-app\.cjs/,
};

/** Of a part that is still to be started, as soon as it is there. */
async function pidOf(whom: Whom, { command, target, living, ended }: Scene): Promise<number | null> {
  if (whom === "the command") return command;
  if (whom === "the target") return target;
  const last = whom.startsWith("the last ");
  while (!ended.aborted) {
    const found = partsAmong(await living(), whom.replace("the last ", "") as Part);
    if (found.length > 0) return found.at(last ? -1 : 0)!.pid;
    await delay(10);
  }
  return null;
}

/** In the order in which they were started. A guard's shell is no part, though it was called with its name. */
function partsAmong(processes: readonly LivingProcess[], part: Part): LivingProcess[] {
  const found = processes.filter(({ command }) => PARTS[part].test(command) && !command.startsWith("/bin/sh"));
  return found.sort((a, b) => a.pid - b.pid);
}

function send(pid: number | null, signal: NodeJS.Signals): boolean {
  try {
    if (pid !== null) process.kill(pid, signal);
    return pid !== null;
  } catch {
    return false; // it has ended
  }
}

async function pause(pid: number | null, forMs: number): Promise<boolean> {
  if (!send(pid, "SIGSTOP")) return false;
  await delay(forMs);
  return send(pid, "SIGCONT");
}

async function slow({ to, onMs, offMs, forMs }: Extract<Action, { do: "slow" }>, scene: Scene): Promise<boolean> {
  const pid = await pidOf(to, scene);
  let times = 0;
  for (const endMs = performance.now() + forMs; performance.now() < endMs && !scene.ended.aborted; times++) {
    if (!(await pause(pid, offMs))) break;
    await delay(onMs);
  }
  return times > 0;
}

type Toxic = Extract<Action, { do: "toxic" }>;

async function addToxic({ type, attributes, forMs }: Toxic, { living, ended }: Scene): Promise<boolean> {
  const [toxiproxy] = partsAmong(await living(), "Toxiproxy");
  const port = /-port (\d+)/.exec(toxiproxy?.command ?? "")?.[1];
  if (port === undefined) return false;
  const api = `http://127.0.0.1:${port}/proxies`;
  try {
    const proxies = (await (await fetch(api)).json()) as Record<string, unknown>;
    for (const proxy of Object.keys(proxies)) {
      const body = JSON.stringify({ name: "chaos", type, stream: "downstream", attributes });
      const added = await fetch(`${api}/${proxy}/toxics`, { method: "POST", body });
      if (!added.ok) throw new Error(`Toxiproxy takes no ${type}: ${added.status} ${await added.text()}`);
      if (forMs === undefined) continue;
      await delay(forMs, undefined, { signal: ended }).catch(() => {});
      await fetch(`${api}/${proxy}/toxics/chaos`, { method: "DELETE" });
    }
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false; // it has ended
    throw error;
  }
}
