import type { Loss, Segment } from "../../record/evidence.ts";
import type { Result, ResultRun } from "../../record/result.ts";

/** One lost request, told step by step. */
export interface LossStory {
  /** How long its connection had been idle, ms; null = not known. */
  idleMs: number | null;
  requestId: string | null;
  /** From the target's close on; ms count from the first of them, at the target. */
  segments: Segment[];
  /** Whether they were captured; otherwise they are computed from the round trip. */
  captured: boolean;
  /** For how long the relay kept the close back, until the request had come by, ms; null = it did not. */
  heldMs: number | null;
  rttMs: number;
}

/** The capture's example, or else what is known of the first lost request; null where none was lost. */
export function lossStory(result: Result): LossStory | null {
  const rttMs = result.network.measuredRttMs ?? result.network.rttMs;
  const run = result.runs.find(({ lost, samples }) => lost > 0 && samples.length > 0);
  if (!run) return null;
  const captured = run.evidence?.capture?.examples.lost;
  if (captured && captured.length > 0) return fromCapture(captured, run, rttMs);
  return workedOut(result, run, rttMs);
}

/** What came after the longest silence: that is the race; before it is the request that went well. */
function fromCapture(segments: readonly Segment[], { evidence, samples }: ResultRun, rttMs: number): LossStory {
  const silences = segments.map(({ atMs }, i) => (i === 0 ? 0 : atMs - segments[i - 1]!.atMs));
  const start = silences.indexOf(Math.max(...silences));
  const told = segments.slice(start).filter(({ flags, length }) => flags !== "ACK" || length > 0);
  const loss = evidence?.losses.find((one) => told.some(({ requestId }) => requestId === one.requestId));
  const sample = samples.find(({ requestId }) => requestId === loss?.requestId);
  const zeroMs = told[0]?.atMs ?? 0;
  return {
    idleMs: silences[start] ?? loss?.idleMs ?? null,
    requestId: loss?.requestId ?? null,
    segments: told.map((segment) => ({ ...segment, atMs: segment.atMs - zeroMs })),
    captured: true,
    heldMs: sample?.door?.heldMs ?? null,
    rttMs,
  };
}

/**
 * Nobody listened on the wire: the relay says when the request came to the server's door; without one it left the LB
 * somewhere within the round trip, here in its middle.
 */
function workedOut({ probe }: Result, { samples, evidence }: ResultRun, rttMs: number): LossStory {
  const sample = samples.find(({ outcome }) => outcome === "lost");
  const loss: Loss | undefined = evidence?.losses.find(({ requestId }) => requestId === sample?.requestId);
  const requestId = sample?.requestId ?? null;
  const arrivesMs = Math.max(0, sample?.door?.afterCloseMs ?? rttMs / 2);
  return {
    idleMs: probe.idleCloseMs ?? loss?.idleMs ?? sample?.gapMs ?? null,
    requestId,
    segments: [
      { atMs: 0, from: "target", flags: "FIN, ACK", length: 0, requestId: null, what: "the server closes" },
      { atMs: arrivesMs, from: "lb", flags: "PSH, ACK", length: 1, requestId, what: "the request" },
      { atMs: arrivesMs, from: "target", flags: "RST", length: 0, requestId: null, what: "reset" },
    ],
    captured: false,
    heldMs: sample?.door?.heldMs ?? null,
    rttMs,
  };
}
