import { InconclusiveError } from "../run/exit.ts";
import { type RunningProcess, startProcess } from "../run/process.ts";
import type { K6Place } from "../stage/stage.ts";

export interface K6Run {
  process: RunningProcess;
  /** Whether its thresholds held. @throws InconclusiveError when k6 failed in any other way. */
  thresholdsHeld: Promise<boolean>;
}

/** Starts `k6 run` on a bundle with `environment` as its `-e` variables. */
export async function startK6(options: {
  place: K6Place;
  bundle: string;
  environment: Record<string, string>;
  onLine: (line: string) => void;
  /** Whether k6 leaves its web dashboard at place.dashboard. */
  dashboard?: boolean;
}): Promise<K6Run> {
  const { place } = options;
  const variables = Object.entries(options.environment).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
  const k6Args = [
    "run",
    // The bundles' variables are those given here, not whatever is set in the caller's shell.
    "--include-system-env-vars=false",
    "--quiet",
    "--no-usage-report",
    "--no-color",
    "--log-output=stderr",
    ...variables,
    place.fileOf(options.bundle),
  ];
  const { args, env } = place.line(k6Args, options.dashboard ? dashboardAt(place.dashboard.seenAs) : {});
  const process = await startProcess({
    name: "k6",
    command: place.command,
    args,
    // No look-up of extensions outside this machine: the bundles use none.
    env: { ...withoutOptionsOfTheCaller(), K6_AUTO_EXTENSION_RESOLUTION: "false", ...env },
    onLine: (line) => options.onLine(withoutQueries(line)),
  });
  const thresholdsHeld = readExit(process);
  thresholdsHeld.catch(() => {}); // whoever awaits it sees it
  return { process, thresholdsHeld };
}

/**
 * A line of k6's without the queries of URLs, which may be secrets. A query has no blank in it, whatever else; so it ends
 * at the next one, though k6 puts URLs between quotes, and these between quotes, and a query may hold both.
 */
export const withoutQueries = (line: string): string => line.replace(/\?\S+/g, "?...");

/** A point a second, and no port: people look at it afterwards (grafana.com/docs/k6, "Web dashboard"). */
const dashboardAt = (file: string): Record<string, string> => ({
  K6_WEB_DASHBOARD: "true",
  K6_WEB_DASHBOARD_PORT: "-1",
  K6_WEB_DASHBOARD_PERIOD: "1s",
  K6_WEB_DASHBOARD_EXPORT: file,
});

/**
 * Every option of k6 can also be a K6_ variable (grafana.com/docs/k6, "How to use options"), and the caller's are meant
 * for the caller's own k6: K6_NO_THRESHOLDS would make this run pass, K6_WEB_DASHBOARD would open a port.
 */
const withoutOptionsOfTheCaller = (): Record<string, undefined> =>
  Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => name.startsWith("K6_"))
      .map((name) => [name, undefined]),
  );

/** k6's exit codes (errext/exitcodes/codes.go): 0 all is well, 99 a threshold failed; any other: k6 itself failed. */
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
  throw new InconclusiveError(`k6 failed (${signal ?? `its exit code ${code}`}): ${withoutQueries(words)}`);
}

const THRESHOLDS_FAILED = 99;
