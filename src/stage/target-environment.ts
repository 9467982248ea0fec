/** The target app's own environment variables; unset means Node's default. */
export type TargetEnvironment = Partial<Record<TargetVariable, string>>;

const VARIABLES = [
  "KEEP_ALIVE_TIMEOUT_MS",
  "HEADERS_TIMEOUT_MS",
  "KEEP_ALIVE_TIMEOUT_BUFFER_MS",
  "WORK_MS",
  "EVENT_LOOP_BUSY",
] as const;
type TargetVariable = (typeof VARIABLES)[number];

/**
 * All of them, empty where `given` has none, which the app takes for unset: what happens to be set in the caller's
 * shell must not make "before" a fixed target.
 */
export const completeEnvironment = (given: TargetEnvironment): Record<TargetVariable, string> =>
  Object.fromEntries(VARIABLES.map((name) => [name, given[name] ?? ""])) as Record<TargetVariable, string>;
