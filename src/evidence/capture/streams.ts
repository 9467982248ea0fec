import type { Hop, Tap } from "../../stage/stage.ts";

/** One captured TCP segment. */
export interface Packet {
  /** Unix time, microseconds. */
  atUs: number;
  from: "client" | "server";
  fin: boolean;
  syn: boolean;
  rst: boolean;
  ack: boolean;
  /** Bytes of payload, and their beginning as text. */
  length: number;
  text: string;
}

/** One connection, its segments in the order of capture. */
export interface Stream {
  hop: Hop;
  /** tshark's number. */
  id: number;
  packets: Packet[];
}

/** What tshark is asked for; parseStreams() takes its lines. */
export const FIELDS = [
  "frame.time_epoch",
  "frame.interface_name",
  "tcp.srcport",
  "tcp.dstport",
  "tcp.stream",
  "tcp.flags.fin",
  "tcp.flags.syn",
  "tcp.flags.reset",
  "tcp.flags.ack",
  "tcp.len",
  "tcp.payload",
] as const;

/**
 * The connections in what `tshark -T fields` prints.
 * @param lines one per segment, the FIELDS in order, tabs between
 * @param taps where it was captured
 */
export function parseStreams(lines: Iterable<string>, taps: readonly Tap[]): Stream[] {
  const streams = new Map<number, Stream>();
  for (const line of lines) {
    const [time, device, fromPort, toPort, id, fin, syn, rst, ack, length, payload] = line.split("\t");
    // By the device too: an app may listen on the very port that the LB has in its container.
    const hopOf = (port: string | undefined) =>
      taps.find((tap) => tap.device === device && tap.port === Number(port))?.hop;
    const fromServer = hopOf(fromPort);
    const hop = fromServer ?? hopOf(toPort);
    if (!time || !id || !hop) continue;
    const stream = streams.get(Number(id)) ?? { hop, id: Number(id), packets: [] };
    streams.set(stream.id, stream);
    stream.packets.push({
      atUs: Math.round(Number(time) * 1e6),
      from: fromServer ? "server" : "client",
      fin: isSet(fin),
      syn: isSet(syn),
      rst: isSet(rst),
      ack: isSet(ack),
      length: Number(length),
      text: Buffer.from(payload ?? "", "hex").toString("latin1"),
    });
  }
  return [...streams.values()];
}

/** "1" up to tshark 4.0, "True" since. */
const isSet = (flag: string | undefined): boolean => flag === "1" || flag === "True";

/** The X-Request-Id of a captured request; null for anything else. */
export const requestIdOf = ({ from, text }: Packet): string | null =>
  from === "client" ? (/\r\nx-request-id: *([^\r\n]+)\r\n/i.exec(text)?.[1] ?? null) : null;
