import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { LogLine } from "../../target-app/log.ts";
import { TARGET_APP } from "../program.ts";

type Line<Event> = Extract<LogLine, { event: Event }>;
export type Exit = { code: number | null; stderr: string; tookMs: number };

/** A running target. `line` resolves with the first line, past or to come, that fits. */
export type Target = {
  port: number;
  listening: Line<"listening">;
  child: ChildProcessWithoutNullStreams;
  line<E extends LogLine["event"]>(event: E, fits?: (line: Line<E>) => boolean): Promise<Line<E>>;
  /** Signals the target and waits for its end. */
  end(signal?: NodeJS.Signals): Promise<Exit>;
};

/** A test, or the file: whatever can run something when it is over. */
type Scope = { after(end: () => void): void };

/** Starts the target on a free port and returns once it listens; the end of the test (or file) kills it. */
export async function startTarget(t: Scope, env: Record<string, string> = {}): Promise<Target> {
  const child = spawnTarget({ PORT: "0", ...env });
  t.after(() => void child.kill("SIGKILL"));
  const exit = exitOf(child);
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on("line", (text) => {
    lines.push(JSON.parse(text));
    for (const look of waiting) look();
  });
  const line: Target["line"] = (event, fits = () => true) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = lines.find((each) => each.event === event && fits(each as Line<typeof event>));
        if (!found) return;
        waiting.delete(look);
        resolve(found as Line<typeof event>);
      };
      waiting.add(look);
      look();
      exit.then(({ code, stderr }) => reject(new Error(`the target ended (${code}) before such a line: ${stderr}`)));
    });
  const listening = await line("listening");
  const end = async (signal: NodeJS.Signals = "SIGTERM") => {
    const sentMs = performance.now();
    child.kill(signal);
    const ended = await exit;
    return { ...ended, tookMs: performance.now() - sentMs };
  };
  return { port: listening.port, listening, child, line, end };
}

/** Runs a target that is expected to give up at start. */
export function runTarget(t: Scope, env: Record<string, string>): Promise<Exit> {
  const child = spawnTarget(env);
  t.after(() => void child.kill("SIGKILL"));
  child.stdout.resume();
  return exitOf(child);
}

/** Only `env`: what the machine running the tests has set must not reach the target. */
function spawnTarget(env: Record<string, string>): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [...TARGET_APP], { env });
}

async function exitOf(child: ChildProcessWithoutNullStreams): Promise<Exit> {
  const startMs = performance.now();
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  const [code] = await once(child, "close");
  return { code, stderr, tookMs: performance.now() - startMs };
}
