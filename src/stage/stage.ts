import type { Part, PartName } from "../parts/part.ts";
import type { RunningProcess } from "../run/process.ts";
import type { Run } from "../run/run.ts";
import type { LbSettings } from "./lb.ts";
import type { Relay } from "./relay.ts";
import type { TargetEnvironment } from "./target-environment.ts";

export interface StageSettings {
  /** Names the stage in logs and folders: "before", "after". */
  name: string;
  target: StageTarget;
  lb: LbSettings;
  rttMs: number;
  /** The edge's port; a free one when null. */
  port: number | null;
  /** Whether a relay stands at the target's door, where its closes are heard. */
  relay?: boolean;
  /** Called with each line of the LB's log, which is then not kept in memory. */
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
  /** The port on which the server of that hop listens. */
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
  /** How k6 is run in front of it, where the runtime was opened with k6. */
  k6: K6Place;
  /** Where the traffic can be captured, one for each hop; none where it does not go over this machine. */
  taps: readonly Tap[];
  processes: RunningProcess[];
  /** What stands between the network and the target; null = the network leads to the target itself. */
  relay: Relay | null;
  /** Every line that each part wrote; none of a part that was not started here. */
  logs: Record<"haproxy" | "toxiproxy" | "target" | "k6", string[]>;
  /** The parts that were started here, k6 included: those that have a log to keep. */
  ours: readonly (keyof Stage["logs"])[];
  /** Rejects with InconclusiveError as soon as a part ends without being stopped. */
  died: Promise<never>;
  /** Stops the parts; afterwards the logs are complete. Safe to call twice. */
  stop(): Promise<void>;
}

/** Where the parts run: as processes on loopback, or in containers. */
export interface Runtime<N extends PartName = PartName> {
  name: "docker" | "native";
  parts: Record<N, Part>;
  /** Versions of what runs the parts, besides theirs: Docker's and Compose's. */
  versions: Record<string, string>;
  /** The version of the Node that runs our own target app. */
  targetNode: string;
  /** The folder for bundles that parts are to run. */
  bundles: string;
  /** Starts target, network and LB, each ready before the next; `run`'s end stops them. */
  startStage(run: Run, settings: StageSettings): Promise<Stage>;
  /**
   * How k6 is run in front of an LB that was not started here; `run`'s end removes what that leaves.
   * @param trusted a file of CA certificates besides those that k6 trusts anyway
   */
  standaloneK6(trusted: string | null): K6Place;
}

/** How to start k6 where it runs, and how it sees the world from there. */
export interface K6Place {
  command: string;
  /** What makes the command run k6 with `k6Args`, and with `variables` in k6's own environment. */
  line(
    k6Args: readonly string[],
    variables: Record<string, string>,
  ): { args: readonly string[]; env: Record<string, string | undefined> };
  /** A file of the runtime's `bundles`, as k6 finds it. */
  fileOf(bundle: string): string;
  /** Where k6 leaves its web dashboard when it is asked for one: on this machine, and as k6 calls it. */
  dashboard: { file: string; seenAs: string };
  /** The LB's address; null = the stage's lbUrl. */
  lbUrl: string | null;
  /** The address of this machine on which k6 can reach it, and what k6 calls it. */
  harness: { listenOn: string; seenAs: string };
}
