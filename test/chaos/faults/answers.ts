import type { Family, Fault, Outcome, Target, Truth } from "../fault.ts";
import { rightFor } from "../oracle.ts";
import type { Behaviour } from "../targets/behaviour.ts";
import { checkOf, probeOf } from "./runs.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n";
const [LONG, SHORT] = [60_000, 1500];

/** What a server may answer; all of them for `probe` and for `check`. */
const KINDS: readonly [what: string, truth: Truth, behaves: Behaviour][] = [
  // Statuses, with and without a word on the connection.
  ["answers 401 and announces the close of those", "unknowable", { idleMs: LONG, status: 401, headers: CLOSE() }],
  ["answers 404 and announces the close of those", "unknowable", { idleMs: LONG, status: 404, headers: CLOSE() }],
  ["answers 500 and announces the close of those", "unknowable", { idleMs: LONG, status: 500, headers: CLOSE() }],
  ["answers 429 and closes at once, unannounced", "loses", { idleMs: LONG, status: 429, atOnce: true }],
  ["answers 503", "either", { idleMs: SHORT, status: 503 }],
  ["answers each fourth time 503", "either", { idleMs: LONG, every: 4, other: { status: 503 } }],
  [
    "answers each fourth time 500 and announces that close",
    "either",
    { idleMs: LONG, every: 4, other: { status: 500, headers: CLOSE() } },
  ],
  ["answers 302", "loses", { idleMs: SHORT, status: 302, headers: { Location: "/login" } }],
  ["answers 204", "loses", { idleMs: SHORT, status: 204, bytes: 0 }],
  // What it says of itself.
  ["says timeout=60 and closes after 1.5 s", "loses", { idleMs: SHORT, headers: { "Keep-Alive": "timeout=60" } }],
  ["says timeout=1 and closes after 60 s", "keeps", { idleMs: LONG, headers: { "Keep-Alive": "timeout=1" } }],
  ["says timeout=banana, max=-1", "loses", { idleMs: SHORT, headers: { "Keep-Alive": "timeout=banana, max=-1" } }],
  ["says close and closes", "keeps", { idleMs: LONG, requests: 1, announces: true }],
  ["is HTTP/1.0 without keep-alive", "keeps", { idleMs: LONG, version: "1.0", atOnce: true }],
  // Limits.
  ["ends a connection after 7 requests, unannounced", "loses", { idleMs: LONG, requests: 7 }],
  ["ends a connection after 7 requests, announced", "keeps", { idleMs: LONG, requests: 7, announces: true }],
  ["ends a connection after 400 requests, unannounced", "either", { idleMs: LONG, requests: 400 }],
  ["closes after each answer, unannounced", "loses", { idleMs: LONG, atOnce: true }],
  ["keeps three connections", "loses", { idleMs: LONG, keeps: 3 }],
  ["closes by RST", "loses", { idleMs: SHORT, resets: true }],
  [
    "says 408 and closes",
    "loses",
    { idleMs: SHORT, lastWords: "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" },
  ],
  // When it closes.
  ["closes at an age of 1.5 s", "loses", { idleMs: LONG, ageMs: 1500 }],
  ["closes at an age between 1 and 4 s", "loses", { idleMs: LONG, ageMs: [1000, 4000] }],
  ["closes after 0.5 to 3 s, as chance will have it", "loses", { idleMs: [500, 3000] }],
  ["closes after 60 ms", "loses", { idleMs: 60 }],
  // How it answers.
  ["answers after 300 ms", "loses", { idleMs: SHORT, lateMs: 300 }],
  ["answers after 300 ms and keeps", "keeps", { idleMs: LONG, lateMs: 300 }],
  ["sends its body in pieces", "loses", { idleMs: SHORT, dripMs: 40 }],
  ["sends 2 MB", "loses", { idleMs: SHORT, bytes: 2 << 20 }],
  ["never answers", "unknowable", { idleMs: LONG, silent: true }],
  ["closes instead of answering", "unknowable", { idleMs: LONG, raw: "", after: "close" }],
  ["resets instead of answering", "unknowable", { idleMs: LONG, raw: "", after: "reset" }],
  ["takes no connection", "unknowable", { idleMs: LONG, refuses: "reset" }],
  [
    "closes in the middle of its answer",
    "unknowable",
    { idleMs: LONG, raw: `${OK.replace("3", "99")}\r\nhal`, after: "close" },
  ],
  ["resets in the middle of its answer", "unknowable", { idleMs: LONG, raw: `${OK}\r\no`, after: "reset" }],
  [
    "closes every fifth time in the middle of its answer",
    "either",
    { idleMs: LONG, every: 5, other: { raw: `${OK}\r\no`, after: "close" } },
  ],
  ["never answers each ninth time", "either", { idleMs: LONG, every: 9, other: { raw: "" } }],
  // Bytes that are no answer, or a strange one.
  ["answers garbage", "unknowable", { idleMs: SHORT, raw: "\x00\xff\x80 SSH-2.0 hello\r\n\r\n" }],
  ["answers garbage after its head", "unknowable", { idleMs: SHORT, raw: "HTTP/1.1 banana\r\n\r\n" }],
  [
    "answers with a status of four digits",
    "unknowable",
    { idleMs: SHORT, raw: OK.replace("200", "2000").concat("\r\nok\n") },
  ],
  ["answers with a bad length", "unknowable", { idleMs: SHORT, raw: OK.replace("3", "-3").concat("\r\nok\n") }],
  ["answers with two lengths", "either", { idleMs: SHORT, raw: `${OK}Content-Length: 4\r\n\r\nok\n` }],
  [
    "answers with bad chunks",
    "unknowable",
    { idleMs: SHORT, raw: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nok\r\n0\r\n\r\n" },
  ],
  [
    "sends 20,000 trailer lines",
    "either",
    {
      idleMs: SHORT,
      raw: `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${"a: b\r\n".repeat(20_000)}\r\n`,
    },
  ],
  ["sends 1xx for ever", "unknowable", { idleMs: SHORT, raw: "HTTP/1.1 103 Early Hints\r\n\r\n", times: 5000 }],
  ["sends a 103 first", "loses", { idleMs: SHORT, raw: `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}\r\nok\n` }],
  ["has a head of 200 KB", "either", { idleMs: SHORT, headers: { "X-Huge": "a".repeat(200_000) } }],
  ["has a header of 9 KB", "either", { idleMs: SHORT, headers: { "X-Large": "a".repeat(9000) } }],
  [
    "sends more than it said",
    "either",
    { idleMs: SHORT, raw: `${OK}\r\nok\nHTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n` },
  ],
  [
    "colours its headers",
    "loses",
    { idleMs: SHORT, headers: { Server: "\x1b[31mred\x1b[0m", "X-Powered-By": "::error::no" } },
  ],
];

function CLOSE() {
  return { Connection: "close" };
}

export const answers: Family = {
  name: "answers",
  what: "targets that close, limit, lie, err and answer in ways of their own, at probe and check",
  faults() {
    return KINDS.flatMap(([what, truth, behaves]) => {
      const target: Target = { what: `a target that ${what}`, behaves, truth };
      return [probeOf(target), checkOf(target)].map((run): Fault => {
        const allowed: Outcome[] = [...rightFor(run.command, truth), "inconclusive", "refused"];
        return { ...run, name: `${run.command} of ${target.what}`, allowed };
      });
    });
  },
};
