/** One captured TCP segment. */
export interface Packet {
  /** Unix time, microseconds. */
  atUs: number;
  from: "lb" | "target";
  fin: boolean;
  syn: boolean;
  rst: boolean;
  ack: boolean;
  /** Bytes of payload, and their beginning as text. */
  length: number;
  text: string;
}

/** One connection to a target, its segments in the order of capture. */
export interface Stream {
  /** tshark's number. */
  id: number;
  packets: Packet[];
}

/** What tshark is asked for; parseStreams() takes its lines. */
export const FIELDS = [
  "frame.time_epoch",
  "tcp.srcport",
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
 * @param ports those on which the targets listen
 */
export function parseStreams(lines: Iterable<string>, ports: ReadonlySet<number>): Stream[] {
  const streams = new Map<number, Stream>();
  for (const line of lines) {
    const [time, port, id, fin, syn, rst, ack, length, payload] = line.split("\t");
    if (!time || !id) continue;
    const stream = streams.get(Number(id)) ?? { id: Number(id), packets: [] };
    streams.set(stream.id, stream);
    stream.packets.push({
      atUs: Math.round(Number(time) * 1e6),
      from: ports.has(Number(port)) ? "target" : "lb",
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
  from === "lb" ? (/\r\nx-request-id: *([^\r\n]+)\r\n/i.exec(text)?.[1] ?? null) : null;
