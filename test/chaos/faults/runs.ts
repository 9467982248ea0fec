import type { Fault, Target } from "../fault.ts";
import type { Random } from "../random.ts";

/** The runs that the faults happen to. Short: a second or two until the target or the LB closes. */
export type Ordinary = Pick<Fault, "command" | "target" | "args">;

/** An app with a default of a second or two. */
export function unfixed(random: Random): Target {
  const idleMs = random.between(1000, 2000);
  return { what: `an app that closes after ${idleMs} ms`, behaves: { idleMs }, truth: "loses" };
}

/** An app that outlives the LB of `checkOf` and `probeOf`. */
export const FIXED: Target = { what: "an app that closes after 60 s", behaves: { idleMs: 60_000 }, truth: "keeps" };

/** An LB that closes after the unfixed app, and before the fixed one. */
const lbIdle = ({ truth }: Target): string => (truth === "keeps" ? "2s" : "5s");

export const checkOf = (target: Target, ...args: string[]): Ordinary => ({
  command: "check",
  target,
  args: ["--lb-idle", lbIdle(target), ...args],
});

export const probeOf = (target: Target, ...args: string[]): Ordinary => ({
  command: "probe",
  target,
  args: ["--lb-idle", lbIdle(target), ...args],
});

/** As few users as a verdict takes. */
export const demoOf = (...args: string[]): Ordinary => ({
  command: "demo",
  target: null,
  args: ["--nodes", "12", ...args],
});

export const upOf = (target: Target, ...args: string[]): Ordinary => ({
  command: "up",
  target,
  args: ["--port", "PORT", "--lb-idle", "5s", ...args],
});
