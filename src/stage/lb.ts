import type { Run } from "../run/run.ts";

/** What the simulated LB is set to; haproxy.cfg's head documents each variable. */
export interface LbSettings {
  /** How long an idle connection to the target is kept; an ALB's default is 60,000. */
  idleTimeoutMs: number;
  /** LB nodes, each with a pool of its own. */
  nodes: number;
  /** HAProxy's http-reuse: "safe", its own default, hides the race; for the test that shows it. Default "always". */
  reuse?: "always" | "safe";
  /** Another program that pools the connections to the target, in place of HAProxy's own second tier; native only. */
  pool?: Pool;
}

/** A proxy with a pool of its own for each LB node, which X-Lb-Node names: nginx, a gateway. */
export interface Pool {
  /** "nginx 1.22.1" */
  name: string;
  /**
   * Starts it, until the run's end, and waits until it answers.
   * @param guard host:port of the LB's third tier, which stands for the target
   * @returns host:port on which it listens
   */
  start(run: Pick<Run, "signal" | "defer">, place: PoolPlace): Promise<string>;
}

export interface PoolPlace {
  guard: string;
  nodes: number;
  /** For its files. */
  folder: string;
  onLine(line: string): void;
}

/** The variables of simulator/haproxy.cfg that do not depend on the runtime. */
export const lbEnvironment = (lb: LbSettings) => ({
  LB_IDLE_MS: String(lb.idleTimeoutMs),
  LB_NODES: String(lb.nodes),
  // Set in any case: what happens to be set in the caller's shell must not hide the race.
  LB_REUSE: lb.reuse ?? "always",
});

/** The variables of simulator/haproxy.cfg that say how the LB speaks to the target; empty = unset. */
export function lbToTargetEnvironment(foreign: URL | null) {
  const name = foreign?.hostname ?? "";
  return {
    TARGET_HOST: foreign?.host ?? "",
    TARGET_TLS: foreign?.protocol === "https:" ? "1" : "",
    // RFC 6066 section 3: an address is not a server name.
    TARGET_SNI: /^[\d.]+$|^\[/.test(name) ? "" : name,
  };
}
