import type { RunningProcess } from "./process.ts";

/** One simulated LB with its network and target, running. */
export interface Stage {
  name: string;
  /** Through the LB. */
  lbUrl: string;
  /** Straight to the target, for the probe. */
  targetUrl: string;
  /** host:port of the network's near end, for measuring its round trip. */
  networkAddress: string;
  processes: RunningProcess[];
  /** Every line each part wrote, as it came; of a part that was not started here, none. */
  logs: Record<"haproxy" | "toxiproxy" | "target" | "k6", string[]>;
  /** The parts that were started here, k6 included: those that have a log to keep. */
  ours: readonly (keyof Stage["logs"])[];
  /** Rejects with InconclusiveError as soon as a part dies that nobody stopped. */
  died: Promise<never>;
  /** Stops the parts; afterwards the logs are complete. Safe to call twice. */
  stop(): Promise<void>;
}
