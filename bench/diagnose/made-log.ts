import type { AlbEntry } from "../../src/alb-log/fields.ts";
import { formatAlbLine } from "../../src/alb-log/format.ts";

/** What really happened to a request of the made log, for the diagnosis to find out. */
export const TRUTHS = [
  "race",
  "race, logged as -1 -1 -1",
  "closed",
  "connect",
  "connect, given up after 10 s",
  "timeout",
  "deploy",
  "restart in place",
  "dead target",
  "answer too large",
  "no-target",
  "fixed-response",
  "authenticate",
  "waf",
  "lambda",
  "own",
  "other",
] as const;
export type Truth = (typeof TRUTHS)[number] | "good";

export interface MadeLine {
  truth: Truth;
  line: string;
}

/**
 * A log of six hours with every cause in it, always the same for the same numbers. Six targets stay; three more are
 * replaced every 90 minutes, and fail in their last 30 s. One of the six is restarted every two hours, in 20 s, under
 * the same address. One target more answers nobody, and one route's answers are more than the LB reads.
 * @param failing whether anything fails at all
 */
export function* madeLog({ requests, failing = true }: { requests: number; failing?: boolean }): Generator<MadeLine> {
  const random = randomNumbers(502);
  for (let i = 0; i < requests; i++) {
    const atMs = (i * HOURS_MS) / requests;
    const target = targetAt(atMs, random);
    const truth = failing ? truthAt(atMs, target, random) : "good";
    const asked = truth === "dead target" ? DEAD : target;
    yield { truth, line: formatAlbLine(entryOf(truth, START_MS + atMs, asked, i, random)) };
  }
}

const START_MS = Date.parse("2026-11-20T06:00:00Z");
const HOURS_MS = 6 * 3_600_000;
const GENERATION_MS = 90 * 60_000;
const LEAVING_MS = 30_000;
const RESTART_EVERY_MS = 2 * 3_600_000;
const RESTARTING_MS = 20_000;

const RESTARTED = "10.0.0.6:3000";
const DEAD = "10.0.0.99:3000";

function targetAt(atMs: number, random: () => number): string {
  const n = Math.floor(random() * 9);
  if (n < 6) return `10.0.0.${n + 1}:3000`;
  return `10.0.${1 + Math.floor(atMs / GENERATION_MS)}.${n}:3000`;
}

/** How often each failure happens, of all requests. */
const SHARES: [Truth, number][] = [
  ["race", 0.002],
  ["race, logged as -1 -1 -1", 0.0001],
  ["closed", 0.0005],
  ["connect", 0.0005],
  ["connect, given up after 10 s", 0.0002],
  ["timeout", 0.001],
  ["dead target", 0.001],
  ["answer too large", 0.0005],
  ["no-target", 0.0005],
  ["fixed-response", 0.0005],
  ["authenticate", 0.0002],
  ["waf", 0.0002],
  ["lambda", 0.0002],
  ["own", 0.004],
  ["other", 0.0005],
];

function truthAt(atMs: number, target: string, random: () => number): Truth {
  const leaves = !target.startsWith("10.0.0.") && GENERATION_MS - (atMs % GENERATION_MS) < LEAVING_MS;
  if (leaves && atMs < HOURS_MS - GENERATION_MS && random() < 0.8) return "deploy";
  if (target === RESTARTED && atMs > RESTARTING_MS && atMs % RESTART_EVERY_MS < RESTARTING_MS)
    return "restart in place";
  let left = random();
  for (const [truth, share] of SHARES) {
    left -= share;
    if (left < 0) return truth;
  }
  return "good";
}

function entryOf(truth: Truth, ms: number, target: string, i: number, random: () => number): AlbEntry {
  const times = timesOf(truth, random);
  const waitMs = truth === "connect, given up after 10 s" ? 10_000 + 20 * random() : 0;
  const endMs = ms + waitMs + times.reduce((sum, time) => sum + Math.max(0, time), 0) * 1000;
  const noTarget = WITHOUT_TARGET.has(truth);
  const [status, targetStatus] = statusesOf(truth, random);
  const address = noTarget ? "-" : target;
  return {
    type: "https",
    time: iso(endMs),
    elb: "app/shop/50dc6c495c0c9188",
    "client:port": `192.0.2.${i % 250}:${40_000 + (i % 20_000)}`,
    "target:port": address,
    request_processing_time: secondsText(times[0]),
    target_processing_time: secondsText(times[1]),
    response_processing_time: secondsText(times[2]),
    elb_status_code: status,
    target_status_code: targetStatus,
    received_bytes: `${300 + (i % 900)}`,
    sent_bytes: `${200 + (i % 9000)}`,
    request: `${i % 7 === 0 ? "POST" : "GET"} https://shop.example:443${pathOf(truth, i)} HTTP/2.0`,
    user_agent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    ssl_cipher: "ECDHE-RSA-AES128-GCM-SHA256",
    ssl_protocol: "TLSv1.2",
    target_group_arn: "arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/shop/73e2d6bc24d8a067",
    trace_id: "Root=1-58337262-36d228ad5d99923122bbe354",
    domain_name: "shop.example",
    chosen_cert_arn: "session-reused",
    matched_rule_priority: "1",
    request_creation_time: iso(ms),
    actions_executed: ACTIONS[truth] ?? "forward",
    redirect_url: "-",
    error_reason: truth === "lambda" ? "LambdaUnhandled" : "-",
    "target:port_list": address,
    target_status_code_list: targetStatus,
    classification: "-",
    classification_reason: "-",
    conn_trace_id: "TID_1234abcd5678ef90",
    transformed_host: "-",
    transformed_uri: "-",
    request_transform_status: "-",
    ip_address: `198.51.100.${1 + (i % 3)}`,
  };
}

const WITHOUT_TARGET: ReadonlySet<Truth> = new Set<Truth>([
  ...(["no-target", "fixed-response", "authenticate", "waf", "lambda", "other"] as const),
]);

const ACTIONS: Partial<Record<Truth, string>> = {
  "fixed-response": "waf,fixed-response",
  authenticate: "waf,authenticate",
  waf: "waf-failed",
  other: "redirect",
};

/**
 * A path of its own for each truth: so the diagnosis' counts by route are the table of truth against verdict. What is
 * answered asks for them too, but for the one route of which nothing can be answered.
 */
function pathOf(truth: Truth, i: number): string {
  if (truth !== "good") return `/${truth.replaceAll(/[^a-z]+/g, "-")}/${i}?token=hush`;
  if (i % 3 === 0) return `/orders/${i}/items?page=${i % 9}`;
  if (i % 3 === 1) return `/static/main.${i % 40}.js`;
  return pathOf(i % 2 === 0 ? "race" : ANSWERED[i % ANSWERED.length]!, i);
}

const ANSWERED = TRUTHS.filter((truth) => truth !== "answer too large");

type Times = [request: number, target: number, response: number];

/**
 * In seconds. Races as cardstack/boxel#6107 measured them at an ALB: 1-53 ms, median 18. An app takes a few ms to
 * some seconds to crash: one in seven does so within the first 100 ms.
 */
function timesOf(truth: Truth, random: () => number): Times {
  const failed: Times = [-1, -1, -1];
  switch (truth) {
    case "dead target":
    case "answer too large":
      return [0, 0.001 + 0.004 * random(), -1];
    case "race":
      return [0, 0.001 + 0.052 * random() ** 1.6, -1];
    case "closed":
      return [0.001, 0.04 * (12 / 0.04) ** random(), -1];
    case "deploy":
    case "restart in place":
      return random() < 0.7 ? failed : [0, 0.001 + 0.03 * random(), -1];
    case "timeout":
      return random() < 0.3 ? failed : [0.001, -1, -1];
    case "connect":
    case "connect, given up after 10 s":
    case "no-target":
    case "fixed-response":
    case "authenticate":
    case "waf":
    case "other":
    case "race, logged as -1 -1 -1":
      return failed;
    default:
      return [0, 0.002 + 0.2 * random() ** 4, 0];
  }
}

function statusesOf(truth: Truth, random: () => number): [elb: string, target: string] {
  switch (truth) {
    case "good": {
      const status = random() < 0.9 ? "200" : random() < 0.5 ? "304" : "404";
      return [status, status];
    }
    case "own": {
      const status = random() < 0.8 ? "500" : random() < 0.5 ? "503" : "502";
      return [status, status];
    }
    case "timeout":
    case "connect, given up after 10 s":
      return ["504", "-"];
    case "no-target":
    case "fixed-response":
      return ["503", "-"];
    case "authenticate":
      return ["561", "-"];
    case "waf":
      return ["500", "-"];
    case "other":
      return ["507", "-"];
    default:
      return ["502", "-"];
  }
}

const iso = (ms: number): string => `${new Date(ms).toISOString().slice(0, -1)}000Z`;
const secondsText = (time: number): string => (time < 0 ? "-1" : time.toFixed(3));

/** Mulberry32: the same numbers on every machine. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
