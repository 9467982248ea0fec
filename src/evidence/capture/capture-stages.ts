import { join } from "node:path";
import type { Run } from "../../run/run.ts";
import type { Stage, Tap } from "../../stage/stage.ts";
import { type WireRequests, wireRequests } from "../wire.ts";
import { readStreams } from "./read-streams.ts";
import { type Capture, startCapture } from "./start-capture.ts";

/** What was captured of all stages of a run; or why nothing was, as one line. */
export type Captured =
  | { by: string; tshark: string; file: string; packets: number; requests: WireRequests }
  | { why: string };

/** A capture in progress. */
export interface OpenCapture {
  /** Ends it. Before the stages stop, so that it shows the traffic's end, not theirs. */
  stop(): Promise<void>;
  /** Reads it. */
  read(): Promise<Captured>;
}

/**
 * Starts capturing the traffic between the stages' networks and their targets.
 * @param wanted false = nothing would keep it
 */
export async function captureStages(run: Run, stages: readonly Stage[], wanted: boolean): Promise<OpenCapture> {
  const why = wanted ? whyNot(stages) : "No packets were captured: --out DIR keeps them.";
  if (why !== null) return { stop: async () => {}, read: async () => ({ why }) };
  const taps = stages.flatMap(({ taps }) => taps);
  const capture = await startCapture(run, taps, join(run.folder, "capture.pcapng"));
  if ("why" in capture) return { stop: async () => {}, read: async () => capture };
  run.progress.line(`capturing packets on ${[...new Set(taps.map(({ device }) => device))].join(", ")}`);
  return open(capture, taps);
}

function whyNot(stages: readonly Stage[]): string | null {
  if (stages.some(({ targetUrl }) => targetUrl.startsWith("https:"))) {
    return "No packets were captured: the target speaks TLS, which hides which request is which.";
  }
  if (stages.every(({ taps }) => taps.length > 0)) return null;
  return "No packets were captured: the connections do not go over this machine alone.";
}

function open({ wireshark, file, stop }: Capture, taps: readonly Tap[]): OpenCapture {
  let counts: ReturnType<Capture["stop"]> | null = null;
  const end = () => {
    counts ??= stop();
    return counts;
  };
  return {
    stop: async () => void (await end()),
    async read() {
      const { packets, dropped, whole } = await end();
      if (!whole)
        return {
          why: "The packets were not captured to the end: there were more than 50 MB of them, or dumpcap died.",
        };
      if (dropped > 0)
        return { why: `${dropped} of ${packets + dropped} packets were not captured: the machine was too busy.` };
      const streams = await readStreams(wireshark.tshark, file, taps).catch((error: Error) => error);
      if (streams instanceof Error) return { why: `The captured packets cannot be read: ${streams.message}.` };
      const by = `dumpcap ${wireshark.version}`;
      return { by, tshark: wireshark.tshark, file, packets, requests: wireRequests(streams) };
    },
  };
}
