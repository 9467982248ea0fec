import { InconclusiveError } from "../cli/exit.ts";
import { type RunningProcess, startProcess } from "../stage/process.ts";

export interface K6Run {
  process: RunningProcess;
  /** Whether its thresholds held. @throws InconclusiveError when k6 failed in any other way. */
  thresholdsHeld: Promise<boolean>;
}

/** Starts `k6 run` on a bundle with `environment` as its `-e` variables. */
export async function startK6(options: {
  command: string;
  bundle: string;
  environment: Record<string, string>;
  onLine: (line: string) => void;
}): Promise<K6Run> {
  const variables = Object.entries(options.environment).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
  const process = await startProcess({
    name: "k6",
    command: options.command,
    args: ["run", "--quiet", "--no-usage-report", "--no-color", "--log-output=stderr", ...variables, options.bundle],
    // No look-up of extensions outside this machine: the bundles use none.
    env: { K6_AUTO_EXTENSION_RESOLUTION: "false" },
    onLine: options.onLine,
  });
  const thresholdsHeld = readExit(process);
  thresholdsHeld.catch(() => {}); // whoever awaits it sees it
  return { process, thresholdsHeld };
}

/** k6's exit codes (errext/exitcodes/codes.go): 0 all well, 99 a threshold failed; the rest says that k6 itself did. */
async function readExit(process: RunningProcess): Promise<boolean> {
  const { code, signal } = await process.exited;
  if (code === 0) return true;
  if (code === THRESHOLDS_FAILED) return false;
  const words =
    process
      .tail()
      .filter((line) => line.includes("level=error"))
      .at(-1) ??
    process.tail().at(-1) ??
    "it printed nothing";
  throw new InconclusiveError(`k6 failed (${signal ?? `its exit code ${code}`}): ${words}`);
}

const THRESHOLDS_FAILED = 99;
