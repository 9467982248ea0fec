import { InconclusiveError } from "../../cli/exit.ts";
import { type RunningProcess, startProcess } from "../process.ts";
import { waitUntilReady } from "../wait-until-ready.ts";

export interface Target {
  process: RunningProcess;
  /** Where it listens, e.g. http://127.0.0.1:41234 */
  url: string;
}

/** The target app's own environment variables; unset means Node's default. */
export type TargetEnvironment = Partial<
  Record<
    "KEEP_ALIVE_TIMEOUT_MS" | "HEADERS_TIMEOUT_MS" | "KEEP_ALIVE_TIMEOUT_BUFFER_MS" | "WORK_MS" | "EVENT_LOOP_BUSY",
    string
  >
>;

/** Starts the bundled target app on a free loopback port, which it names in its first line. */
export async function startTarget(options: {
  /** The bundle of target-app/main.ts. */
  bundle: string;
  environment: TargetEnvironment;
  onLine: (line: string) => void;
  signal: AbortSignal;
}): Promise<Target> {
  let port: number | null = null;
  const target = await startProcess({
    name: "the target app",
    command: process.execPath,
    args: ["--enable-source-maps", options.bundle],
    env: { ...UNSET, ...options.environment, PORT: "0", HOST: "127.0.0.1" },
    onLine: (line) => {
      port ??= listeningPort(line);
      options.onLine(line);
    },
  });
  try {
    await waitUntilReady(target, async () => port !== null, options);
  } catch (error) {
    await target.stop();
    throw error;
  }
  if (port === null) throw new InconclusiveError("the target app named no port");
  return { process: target, url: `http://127.0.0.1:${port}` };
}

// What happens to be set in the caller's shell must not make "before" a fixed target. Empty means unset.
const UNSET = {
  KEEP_ALIVE_TIMEOUT_MS: "",
  HEADERS_TIMEOUT_MS: "",
  KEEP_ALIVE_TIMEOUT_BUFFER_MS: "",
  WORK_MS: "",
  EVENT_LOOP_BUSY: "",
};

function listeningPort(line: string): number | null {
  if (!line.startsWith('{"event":"listening"')) return null;
  return (JSON.parse(line) as { port: number }).port;
}
