/** What the simulated LB is set to; haproxy.cfg's head documents each variable. */
export interface LbSettings {
  /** How long an idle connection to the target is kept; an ALB's default is 60,000. */
  idleTimeoutMs: number;
  /** LB nodes, each with a pool of its own. */
  nodes: number;
}

/** The variables of simulator/haproxy.cfg that do not depend on the runtime. */
export const lbEnvironment = (lb: LbSettings): Record<string, string> => ({
  LB_IDLE_MS: String(lb.idleTimeoutMs),
  LB_NODES: String(lb.nodes),
});
