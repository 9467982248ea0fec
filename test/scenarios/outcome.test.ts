import assert from "node:assert/strict";
import { test } from "node:test";
import { type Answer, classify } from "../../scenarios/lib/outcome.ts";

const answer = (changes: Partial<Answer> = {}): Answer => ({
  status: 200,
  connection: "40001",
  fromLb: false,
  reconnected: false,
  ok: (changes.status ?? 200) < 500 && changes.status !== 0,
  ...changes,
});

/** The LB's own answer: its 5xx has no X-Up. */
const byLb = (status: number): Answer => answer({ status, connection: null, fromLb: true });
const none = answer({ status: 0, connection: null });
const byTarget = (status: number): Answer => answer({ status });
const other = answer({ connection: "40002" });

const cases: [says: string, expected: ReturnType<typeof classify>, Answer, Answer, (Answer | null)?][] = [
  ["An answer on the connection that was idle is own.", "own", answer(), answer()],
  ["A target's 404 is an answer like any other.", "own", byTarget(404), byTarget(404)],
  ["An answer on another connection is fresh.", "fresh", answer(), other],
  ["The LB's 502 in front of a target that answers the next request is lost.", "lost", answer(), byLb(502), other],
  [
    "It is lost even when the target answers the next request with an error.",
    "lost",
    answer(),
    byLb(502),
    byTarget(500),
  ],
  ["The LB's 502 twice in a row is a target that is down.", "down", answer(), byLb(502), byLb(502)],
  ["A 502 followed by the LB's 503 is a target that is down.", "down", answer(), byLb(502), byLb(503)],
  ["A 502 followed by no answer proves no loss.", "down", answer(), byLb(502), none],
  ["A 502 with nothing sent after it proves no loss.", "down", answer(), byLb(502), null],
  ["A warm-up that the LB answered itself means a target that is down.", "down", byLb(502), answer()],
  ["A warm-up without an answer means that nothing is there.", "down", none, answer()],
  [
    "The client's own connection opened anew may hide a repeated request.",
    "retried",
    answer(),
    answer({ reconnected: true }),
  ],
  ["It may hide one even when a 502 came.", "retried", answer(), { ...byLb(502), reconnected: true }, other],
  ["A warm-up on a new client connection is no retry.", "own", answer({ reconnected: true }), answer()],
  ["A 502 that the target itself sent is an error, not the LB's.", "error", answer(), byTarget(502)],
  ["The LB's 504 is an error: the target was slow.", "error", answer(), byLb(504), other],
  ["The LB's 503 is an error.", "error", answer(), byLb(503), other],
  ["A target's 500 is an error.", "error", answer(), byTarget(500)],
  ["A warm-up that the target answered with 500 is an error.", "error", byTarget(500), answer()],
  ["No answer at all is an error.", "error", answer(), none],
  [
    "Behind an LB that does not name connections an answer is an answer: own or fresh cannot be told.",
    "answered",
    answer({ connection: null }),
    answer({ connection: null }),
  ],
  ["An LB that names them now and then is an error.", "error", answer(), answer({ connection: null })],
  ["An unexpected status is an error.", "error", answer(), { ...answer({ status: 404 }), ok: false }],
];

for (const [says, expected, warm, aimed, after = null] of cases) {
  test(says, () => assert.equal(classify(warm, aimed, after), expected));
}
