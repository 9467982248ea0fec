import type { Attempt } from "../../src/record/attempt.ts";
import type { Evidence, Loss, Segment } from "../../src/record/evidence.ts";
import type { Result } from "../../src/record/result.ts";
import type { LogExcerpt } from "../../src/report/log-excerpt.ts";
import { exampleResult, exampleRun } from "./example.ts";

/** A demo's result with gaps spread as measured, every loss explained, and a capture. */
export function reportExample(): Result {
  const result = exampleResult();
  const before = spread(exampleRun("before", { lost: 9, own: 1 }, { lost: 1, own: 2, fresh: 2 }));
  const after = spread(exampleRun("after", { own: 10 }, { own: 5 }));
  after.target = { ...after.target, keepAliveTimeoutMs: 65_000 };
  const losses = before.samples.filter(({ outcome }) => outcome === "lost").map(({ requestId }) => lossOf(requestId));
  before.evidence = { losses, capture: captureOf(before.samples[0]!.requestId, losses.length), why: null };
  after.evidence = { losses: [], capture: null, why: null };
  return {
    ...result,
    probe: { ...result.probe, kind: "vulnerable", outcome: "10 of 10 closed by the target" },
    advice: {
      headline: "Let the server keep idle connections longer than the load balancer does: keepAliveTimeout 65 s",
      lines: [
        "const server = app.listen(port);",
        "server.keepAliveTimeout = 65000; // longer than the LB's idle timeout",
        "server.headersTimeout = 66000; // longer than that; needed before Node 14 (nodejs/node#27363)",
      ],
      source: "https://nodejs.org/api/http.html#serverkeepalivetimeout",
    },
    settings: { fix: "65s", "lb-idle": "60s", rtt: "2ms", nodes: 20, rounds: 2, method: "GET", port: null },
    runs: [before, after],
  };
}

/** A demo that aimed at the close itself: ten requests met it, and five swept around it by the clock. */
export function closeExample(): Result {
  const result = reportExample();
  const window = [{ fromMs: 6000.1, toMs: 6000.8, kind: "close" as const, source: "as the relay heard it" }];
  const runs = result.runs.map((run) => {
    const samples = run.samples.map((sample, i) => ({ ...sample, ...heard(sample, run.name, i) }));
    const heldMs = run.name === "before" ? { median: 2.9, max: 4.1 } : null;
    return { ...run, samples, window, aim: "close" as const, heldMs };
  });
  return { ...result, runs };
}

function heard({ inWindow }: Attempt, run: string, i: number): Pick<Attempt, "aim" | "door"> {
  const door = { why: null, said: null, idleMs: null, heldMs: null, afterCloseMs: inWindow ? 2.5 + i / 10 : i - 12 };
  if (!inWindow) return { aim: "clock", door: { ...door, end: "watched" } };
  if (run === "after") return { aim: "close", door: { ...door, end: "never" } };
  return { aim: "close", door: { ...door, end: "hit", said: "FIN", idleMs: 6000.4, heldMs: door.afterCloseMs } };
}

/** A check that found losses, nothing captured. */
export function checkExample(): Result {
  const result = reportExample();
  const run = { ...result.runs[0]!, name: "check", evidence: { losses: [], capture: null, why: WHY } };
  return {
    ...result,
    command: "check",
    verdict: "lost",
    reasons: ["9 of 10 requests sent inside the window were lost, where none was expected to be."],
    runs: [run],
    comparison: null,
    advice: {
      headline: "Node: keep idle connections longer than the LB's 60 s: keepAliveTimeout 65000 (ms)",
      lines: ["server.keepAliveTimeout = 65000;", "# or lower the LB's idle timeout", "aws elbv2 … Value=4"],
      source: "https://nodejs.org/api/http.html#serverkeepalivetimeout",
    },
    settings: {
      url: "http://localhost:3000",
      path: "/api",
      header: ["Authorization"],
      body: true,
      "ok-status": ["2xx"],
    },
  };
}

const WHY = "Packets were not captured: dumpcap is not allowed to capture here; run it as root.";

/** A check of a server that outlives the LB. */
export function cleanExample(): Result {
  const result = checkExample();
  const run = exampleRun("check", { own: 20 });
  const samples = run.samples.map((sample, i) => ({ ...sample, gapMs: 59_700 + 10 * i, setGapMs: 59_700 + 10 * i }));
  const window = [{ fromMs: 59_700, toMs: 59_900, kind: "last-reuse" as const, source: "the LB's last reuse" }];
  return {
    ...result,
    verdict: "clean",
    reasons: ["0 of 20 requests sent inside the window were lost."],
    advice: null,
    probe: { ...result.probe, kind: "outlives", idleCloseMs: null, minMs: null, outcome: "open after 61.00 s" },
    runs: [{ ...run, samples, window }],
  };
}

/** A probe has no runs. */
export function probeExample(): Result {
  const reasons = ["It closes idle connections after 6.00 s; the LB keeps them 60 s: it can lose requests."];
  return { ...checkExample(), command: "probe", verdict: "vulnerable", reasons, runs: [] };
}

export const EXAMPLE_LOGS: LogExcerpt = {
  albLines: ['http … 0.000 0.001 0.000 200 200 34 366 "GET /" …', 'http … 0.000 0.002 -1 502 - 34 366 "GET /" …'],
  targetLines: ['{"event":"request","id":"own-in-1","status":200}'],
};

/** What opens an element, ends a script or an attribute. */
export const EVIL = `"><img src=x onerror="alert(1)"></script><script>window.pwned=1</script><!-- <script> ]]>'\u2028`;

/** A result whose every text from outside is an attack. */
export function hostile(result: Result): Result {
  for (const run of result.runs) {
    run.name += EVIL;
    run.reasons = [EVIL];
    run.target = { ...run.target, description: EVIL, url: EVIL };
    for (const sample of run.samples) sample.requestId += EVIL;
    for (const loss of run.evidence?.losses ?? []) {
      loss.requestId += EVIL;
      loss.explanation = EVIL;
    }
    for (const segment of run.evidence?.capture?.examples.lost ?? []) {
      if (segment.requestId !== null) segment.requestId += EVIL;
      segment.what += EVIL;
    }
  }
  return {
    ...result,
    reasons: [EVIL],
    settings: { ...result.settings, [EVIL]: EVIL },
    versions: { [EVIL]: EVIL },
    advice: { headline: EVIL, lines: [EVIL, `# ${EVIL}`], source: "javascript:alert(1)" },
    probe: { ...result.probe, outcome: EVIL },
  };
}

/** Some tenths of a ms apart, a lost one never outside of the round trip. */
function spread(run: Result["runs"][number]): Result["runs"][number] {
  const samples = run.samples.map((sample, i) => {
    const gapMs = sample.inWindow ? 5997.5 + 0.1 * i : sample.outcome === "fresh" ? 6001.5 + 0.3 * i : 5993 + 0.2 * i;
    return { ...sample, gapMs, setGapMs: gapMs };
  });
  return { ...run, samples };
}

const lossOf = (requestId: string): Loss => ({
  requestId,
  atMs: 1_769_850_900_123.456,
  connection: "127.0.0.1:40312",
  closedBy: "target",
  idleMs: 5998.2,
  wire: "after-fin",
  afterFinMs: 1.101,
  seenByApp: false,
  explanation: "The target closed the connection after it had been idle for 5.998 s; the app never saw it.",
});

function captureOf(requestId: string, lost: number): NonNullable<Evidence["capture"]> {
  const segment = (
    atMs: number,
    from: Segment["from"],
    flags: string,
    length: number,
    what: string,
    requestId: string | null = null,
  ): Segment => ({ atMs, from, flags, length, requestId, what });
  const answer = segment(0, "target", "PSH, ACK", 197, "the answer: HTTP/1.1 200");
  const received = segment(0.033, "lb", "ACK", 0, "received");
  return {
    by: "dumpcap 4.0.17",
    packets: 4259,
    counts: { k6: lost, lb: lost, wire502: lost, resets: lost },
    examples: {
      lost: [
        answer,
        received,
        segment(6000.413, "target", "FIN, ACK", 0, "the target closes"),
        segment(6001.514, "lb", "PSH, ACK", 97, `too late: GET /, request ${requestId}`, requestId),
        segment(6001.542, "target", "RST", 0, "nobody reads this any more: reset"),
      ],
      own: [
        answer,
        received,
        segment(5999.822, "lb", "PSH, ACK", 97, "GET /, request own-in-1", "own-in-1"),
        segment(6000.718, "target", "PSH, ACK", 197, "the answer: HTTP/1.1 200"),
      ],
      fresh: [segment(0, "lb", "SYN", 0, "a new connection"), segment(0.01, "target", "SYN, ACK", 0, "accepted")],
    },
  };
}
