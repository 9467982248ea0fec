import type { LbSettings } from "./lb.ts";
import type { RunningProcess } from "./process.ts";
import type { TargetEnvironment } from "./target-environment.ts";

export interface StageSettings {
  /** Names the stage in logs and folders: "before", "after". */
  name: string;
  target: StageTarget;
  lb: LbSettings;
  rttMs: number;
  /** The edge's port; a free one when null. */
  port: number | null;
  /** Called with each line of the LB's log as it comes, which then is not kept in memory. */
  onLbLine?: (line: string) => void;
}

/** Our own target app, to be started; or somebody's own, which runs already and is left alone. */
export type StageTarget = { bundle: string; environment: TargetEnvironment } | { url: URL };

/** client: from k6 to the LB. near: from the LB to the network. far: from the network to the target. */
export type Hop = "client" | "near" | "far";

/** A place to capture packets at. */
export interface Tap {
  hop: Hop;
  /** A network interface: "lo". */
  device: string;
  /** On which the server of that hop listens. */
  port: number;
}

/** One simulated LB with its network and target, running. */
export interface Stage {
  name: string;
  /** Through the LB. */
  lbUrl: string;
  /** Straight to the target, for the probe. */
  targetUrl: string;
  /** host:port of the network's near end, for measuring its round trip. */
  networkAddress: string;
  /** Where the traffic can be captured, one for each hop; none where it does not go over this machine. */
  taps: readonly Tap[];
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
