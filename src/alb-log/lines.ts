import { type EdgeLine, endOf } from "../evidence/edge-log.ts";
import type { Fate, LoggedRequest } from "../evidence/fate.ts";
import type { StageLog } from "../evidence/stage-log.ts";
import type { AlbEntry } from "./fields.ts";
import { loadBalancerId } from "./names.ts";

/** One request as an ALB would have logged it. */
export interface AlbRequest {
  /** X-Request-Id, which no ALB logs: it joins the entry to the target's log and to k6's attempts. */
  requestId: string;
  fate: Fate["kind"];
  /** When the answer had been sent, microseconds since 1970. */
  atUs: number;
  entry: AlbEntry;
}

/**
 * What an ALB would have logged for each request of a stage, in the order of its answers. What the simulator has no value
 * for is "-": target group, trace ids, certificate. Sizes are what HAProxy counted, so that a 502 is some 20 bytes off an ALB's.
 */
export const albLog = ({ name, target, requests }: Pick<StageLog, "name" | "target" | "requests">): AlbRequest[] =>
  requests
    .map((request) => ({
      requestId: request.id,
      fate: request.fate.kind,
      atUs: endOf(request),
      entry: entryOf(request, { name, target }),
    }))
    .sort((a, b) => a.atUs - b.atUs);

function entryOf(edge: LoggedRequest, { name, target }: { name: string; target: string }): AlbEntry {
  const fate = edge.fate.kind;
  const asked = fate !== "refused" ? target : "-";
  const targetStatus = fate === "answered" ? `${edge.status}` : "-";
  return {
    type: edge.http?.startsWith("HTTP/2") ? "h2" : "http",
    time: iso(endOf(edge)),
    elb: loadBalancerId(name),
    "client:port": edge.client ?? "-",
    "target:port": asked,
    ...timesOf(edge, fate),
    elb_status_code: fate === "left" ? "460" : `${edge.status}`,
    target_status_code: targetStatus,
    received_bytes: `${edge.bytesIn ?? "-"}`,
    sent_bytes: `${edge.bytesOut ?? "-"}`,
    request: `${edge.method} http://${hostAndPort(edge)}${edge.path} ${edge.http ?? "-"}`,
    user_agent: edge.agent ?? "-",
    ssl_cipher: "-",
    ssl_protocol: "-",
    target_group_arn: "-",
    trace_id: "-",
    domain_name: "-",
    chosen_cert_arn: "-",
    // One rule, the default one, which forwards: true of the simulator.
    matched_rule_priority: "0",
    request_creation_time: iso(edge.atUs),
    actions_executed: fate === "refused" ? "-" : "forward",
    redirect_url: "-",
    error_reason: "-",
    "target:port_list": asked,
    target_status_code_list: targetStatus,
    classification: "-",
    classification_reason: "-",
    conn_trace_id: "-",
    transformed_host: "-",
    transformed_uri: "-",
    request_transform_status: "-",
    ip_address: "-",
  };
}

/**
 * The three times, as ALBs write them. For a lost request HAProxy has no response time (its Tr is -1), while an ALB
 * writes how long it took to notice, whatever the reason: what is left of the total.
 */
function timesOf(edge: EdgeLine, fate: Fate["kind"]) {
  if (fate === "unconnected" || fate === "refused") return times("-1", "-1", "-1");
  const { headMs, waitMs, connectMs, answerMs, totalMs } = edge;
  const known = headMs !== undefined && waitMs !== undefined && connectMs !== undefined;
  const beforeMs = known ? sumOf(headMs, waitMs, connectMs) : 0;
  const before = known ? seconds(beforeMs) : "-";
  if (fate === "silent" || fate === "left") return times(before, "-1", "-1");
  const restMs = Math.max(0, totalMs - beforeMs);
  if (fate !== "answered") return times(before, seconds(restMs), "-1");
  if (answerMs === undefined || answerMs < 0) return times(before, seconds(restMs), "-");
  return times(before, seconds(answerMs), seconds(Math.max(0, restMs - answerMs)));
}

const times = (request: string, target: string, response: string) => ({
  request_processing_time: request,
  target_processing_time: target,
  response_processing_time: response,
});

const sumOf = (...parts: number[]): number => parts.reduce((sum, ms) => sum + Math.max(0, ms), 0);
const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** To the microsecond; a Date stops at the millisecond. */
const iso = (us: number): string =>
  `${new Date(Math.floor(us / 1000)).toISOString().slice(0, -1)}${String(us % 1000).padStart(3, "0")}Z`;

/** An ALB always writes the port. */
function hostAndPort({ host = "-", port }: EdgeLine): string {
  return /:\d+$/.test(host) ? host : `${host}:${port ?? "-"}`;
}
