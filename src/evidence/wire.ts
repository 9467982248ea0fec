import { type Packet, requestIdOf, type Stream } from "../capture/streams.ts";
import type { Loss, Segment } from "./evidence.ts";

/** A request as it came to the target's side of the network. */
export interface WireRequest {
  stream: Stream;
  /** Where it is in the stream's packets. */
  at: number;
}

/** Every captured request by its X-Request-Id. */
export function wireRequests(streams: readonly Stream[]): Map<string, WireRequest> {
  const found = new Map<string, WireRequest>();
  for (const stream of streams) {
    for (const [at, packet] of stream.packets.entries()) {
      const id = requestIdOf(packet);
      if (id !== null) found.set(id, { stream, at });
    }
  }
  return found;
}

/** How a request was lost: null when it was answered, or nothing on the wire says that it was not. */
export function lossOnWire({ stream: { packets }, at }: WireRequest): Pick<Loss, "wire" | "afterFinMs"> | null {
  const request = packets[at]!;
  const answered = packets.some(({ from, length }, i) => i > at && from === "target" && length > 0);
  const reset = packets.find(({ from, rst }, i) => i > at && from === "target" && rst);
  if (answered || !reset) return null;
  const fin = packets.find(({ from, fin }) => from === "target" && fin);
  if (!fin) return { wire: "reset", afterFinMs: null };
  return { wire: fin.atUs < request.atUs ? "after-fin" : "unread", afterFinMs: (request.atUs - fin.atUs) / 1000 };
}

/** The segments from the last answer before the idle time to the stream's end, or until the request was answered. */
export function segmentsAround({ stream: { packets }, at }: WireRequest): Segment[] {
  const before = packets.slice(0, at).findLastIndex(({ from, length }) => from === "target" && length > 0);
  const answer = packets.findIndex(({ from, length }, i) => i > at && from === "target" && length > 0);
  const excerpt = packets.slice(Math.max(0, before), answer < 0 ? undefined : answer + 2).slice(0, MOST_SEGMENTS);
  const zeroUs = excerpt[0]!.atUs;
  return excerpt.map((packet) => ({
    atMs: (packet.atUs - zeroUs) / 1000,
    from: packet.from,
    flags: flagsOf(packet),
    length: packet.length,
    what: whatIs(packet, packets),
  }));
}

const MOST_SEGMENTS = 12;

function flagsOf({ syn, fin, rst, ack, length }: Packet): string {
  const set = [syn && "SYN", fin && "FIN", rst && "RST", length > 0 && "PSH", ack && "ACK"];
  return set.filter((flag) => flag !== false).join(", ");
}

function whatIs(packet: Packet, all: readonly Packet[]): string {
  if (packet.syn) return packet.from === "lb" ? "a new connection" : "accepted";
  if (packet.rst) return packet.from === "target" ? "nobody reads this any more: reset" : "the other side resets";
  if (packet.fin) return packet.from === "target" ? "the target closes" : "the LB's side closes";
  if (packet.length === 0) return "received";
  if (packet.from === "target") return `the answer: ${firstLine(packet) ?? "more of it"}`;
  const late = all.some((one) => one.from === "target" && one.fin && one.atUs < packet.atUs);
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
