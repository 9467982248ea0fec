import type { Loss, Segment } from "../record/evidence.ts";
import type { Hop } from "../stage/stage.ts";
import { type Packet, requestIdOf, type Stream } from "./capture/streams.ts";

/** A request on one hop. */
export interface WireRequest {
  stream: Stream;
  /** Where it is in the stream's packets. */
  at: number;
}

/** Every captured request by its X-Request-Id, on each hop that it reached. */
export type WireRequests = ReadonlyMap<string, OnHops>;

export type OnHops = Partial<Record<Hop, WireRequest>>;

export function wireRequests(streams: readonly Stream[]): WireRequests {
  const found = new Map<string, OnHops>();
  for (const stream of streams) {
    for (const [at, packet] of stream.packets.entries()) {
      const id = requestIdOf(packet);
      if (id !== null) found.set(id, { ...found.get(id), [stream.hop]: { stream, at } });
    }
  }
  return found;
}

/** How a request was lost; null when it was answered, or nothing on the wire says that it was not. */
export function lossOnWire(request: OnHops): Pick<Loss, "wire" | "afterFinMs"> | null {
  if (request.far) return resetAt(request.far);
  // It never reached the target: the FIN had gone through the network, but not yet through the LB's own tiers.
  if (request.near) {
    const near = resetAt(request.near);
    return near && { ...near, wire: "at-lb" };
  }
  return is502OnWire(request) ? { wire: "inside-lb", afterFinMs: null } : null;
}

/** The most typical of several: FIN first. */
export const typicalLoss = (requests: readonly OnHops[]): OnHops | undefined =>
  requests.find((request) => lossOnWire(request)?.wire === "after-fin") ?? requests[0];

/** Whether the client got a 502 for it. */
export function is502OnWire({ client }: OnHops): boolean {
  const answer = client?.stream.packets.find(({ from, length }, i) => i > client.at && from === "server" && length > 0);
  return answer?.text.startsWith("HTTP/1.1 502") ?? false;
}

function resetAt({ stream: { packets }, at }: WireRequest): Pick<Loss, "wire" | "afterFinMs"> | null {
  const request = packets[at]!;
  const answered = packets.some(({ from, length }, i) => i > at && from === "server" && length > 0);
  const reset = packets.some(({ from, rst }, i) => i > at && from === "server" && rst);
  if (answered || !reset) return null;
  const fin = packets.find(({ from, fin }) => from === "server" && fin);
  if (!fin) return { wire: "reset", afterFinMs: null };
  return { wire: fin.atUs < request.atUs ? "after-fin" : "unread", afterFinMs: (request.atUs - fin.atUs) / 1000 };
}

/** The segments from the last answer before the idle time to the stream's end, or until the request was answered. */
export function segmentsAround({ stream: { packets }, at }: WireRequest): Segment[] {
  const before = packets.slice(0, at).findLastIndex(({ from, length }) => from === "server" && length > 0);
  const answer = packets.findIndex(({ from, length }, i) => i > at && from === "server" && length > 0);
  const excerpt = packets.slice(Math.max(0, before), answer < 0 ? undefined : answer + 2).slice(0, MOST_SEGMENTS);
  const zeroUs = excerpt[0]!.atUs;
  return excerpt.map((packet) => ({
    atMs: (packet.atUs - zeroUs) / 1000,
    from: packet.from === "server" ? "target" : "lb",
    flags: flagsOf(packet),
    length: packet.length,
    requestId: requestIdOf(packet),
    what: whatIs(packet, packets),
  }));
}

const MOST_SEGMENTS = 12;

function flagsOf({ syn, fin, rst, ack, length }: Packet): string {
  const set = [syn && "SYN", fin && "FIN", rst && "RST", length > 0 && "PSH", ack && "ACK"];
  return set.filter((flag) => flag !== false).join(", ");
}

function whatIs(packet: Packet, all: readonly Packet[]): string {
  const fromTarget = packet.from === "server";
  if (packet.syn) return fromTarget ? "accepted" : "a new connection";
  if (packet.rst) return fromTarget ? "nobody reads this any more: reset" : "the LB's side resets";
  if (packet.fin) return fromTarget ? "the target closes" : "the LB's side closes";
  if (packet.length === 0) return "received";
  if (fromTarget) return `the answer: ${firstLine(packet) ?? "more of it"}`;
  const late = all.some((one) => one.from === "server" && one.fin && one.atUs < packet.atUs);
  return `${late ? "too late: " : ""}${methodAndPath(packet) ?? "a request's body"}`;
}

const firstLine = ({ text }: Packet): string | null => /^HTTP\/1\.\d \d{3}/.exec(text)?.[0] ?? null;

/** The query may be a secret. */
function methodAndPath(packet: Packet): string | null {
  const [, method, path] = /^([A-Z]+) ([^ ?]+)/.exec(packet.text) ?? [];
  if (!method) return null;
  const id = requestIdOf(packet);
  return `${method} ${path}${id === null ? "" : `, request ${id}`}`;
}
