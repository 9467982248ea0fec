import { InconclusiveError } from "../../run/exit.ts";
import { type RunningProcess, startProcess } from "../../run/process.ts";
import { completeEnvironment, type TargetEnvironment } from "../target-environment.ts";
import { waitUntilReady } from "../wait-until-ready.ts";

export interface Target {
  process: RunningProcess;
  /** Where it listens, e.g. http://127.0.0.1:41234 */
  url: string;
}

/** Starts the bundled target app on a free loopback port, which it names in its first line. */
export async function startTarget(options: {
  /** The bundle of target-app/main.ts. */
  bundle: string;
  environment: TargetEnvironment;
  /** The Node that runs it; this process's own where nothing is said. */
  node?: string;
  onLine: (line: string) => void;
  signal: AbortSignal;
}): Promise<Target> {
  let port: number | null = null;
  const target = await startProcess({
    name: "the target app",
    command: options.node ?? process.execPath,
    args: ["--enable-source-maps", options.bundle],
    env: { ...completeEnvironment(options.environment), PORT: "0", HOST: "127.0.0.1" },
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

function listeningPort(line: string): number | null {
  if (!line.startsWith('{"event":"listening"')) return null;
  return (JSON.parse(line) as { port: number }).port;
}
