/**
 * A capture in which each packet has been cut off behind the first line of what it carries: headers with their values,
 * bodies and queries, which may be secrets, are not in it. A request's id is its packet's comment.
 * https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html; a packet that is shorter than its original length is
 * to every reader one that was captured with a limit.
 * @param pcapng as dumpcap and tshark write it
 * @returns null for a capture on a kind of device that is not known here
 */
export function cutToFirstLines(pcapng: Buffer): Buffer | null {
  const blocks: Buffer[] = [];
  const frameBytes: number[] = [];
  const little = pcapng.length >= 12 && pcapng.readUInt32LE(8) === BYTE_ORDER;
  const u32 = (at: number): number => (little ? pcapng.readUInt32LE(at) : pcapng.readUInt32BE(at));
  const u16 = (at: number): number => (little ? pcapng.readUInt16LE(at) : pcapng.readUInt16BE(at));
  for (let at = 0; at + 12 <= pcapng.length; ) {
    const [type, length] = [u32(at), u32(at + 4)];
    if (length < 12 || at + length > pcapng.length) break; // cut off
    const block = pcapng.subarray(at, at + length);
    if (type === SECTION) blocks.push(block);
    if (type === DEVICE) {
      const frame = FRAME_BYTES.get(u16(at + 8));
      if (frame === undefined) return null;
      frameBytes.push(frame);
      blocks.push(block);
    }
    // Others hold names, keys and statistics.
    if (type === PACKET) blocks.push(packetOf(block, frameBytes[u32(at + 8)] ?? 0, little));
    at += length;
  }
  return Buffer.concat(blocks);
}

const BYTE_ORDER = 0x1a2b3c4d;
const SECTION = 0x0a0d0d0a;
const DEVICE = 1;
const PACKET = 6;

/** What stands before the IP header, by link type (tcpdump.org/linktypes.html): macOS's loopback, Ethernet, none. */
const FRAME_BYTES: ReadonlyMap<number, number> = new Map([
  [0, 4],
  [1, 14],
  [101, 0],
]);

/** Type, length, device, two halves of the time, captured and original length, bytes, options, length again. */
function packetOf(block: Buffer, frameBytes: number, little: boolean): Buffer {
  const captured = little ? block.readUInt32LE(20) : block.readUInt32BE(20);
  const bytes = block.subarray(28, 28 + captured);
  const from = payloadAt(bytes, frameBytes);
  const payload = bytes.subarray(from).toString("latin1");
  const kept = bytes.subarray(0, from + (firstLineOf(payload)?.length ?? 0));
  const words = [padded(kept), ...commentOf(payload, little)];
  const length = 28 + words.reduce((sum, word) => sum + word.length, 0) + 4;
  const head = Buffer.from(block.subarray(0, 28));
  const end = Buffer.alloc(4);
  const write = (to: Buffer, value: number, at: number) =>
    little ? to.writeUInt32LE(value, at) : to.writeUInt32BE(value, at);
  write(head, length, 4);
  write(head, kept.length, 20);
  write(end, length, 0);
  return Buffer.concat([head, ...words, end]);
}

/** Where TCP's payload begins; nothing of a packet that is something else counts as one. */
function payloadAt(bytes: Buffer, frameBytes: number): number {
  const version = (bytes[frameBytes] ?? 0) >> 4;
  const tcpAt = frameBytes + (version === 6 ? 40 : ((bytes[frameBytes] ?? 0) & 15) * 4);
  const protocol = bytes[frameBytes + (version === 6 ? 6 : 9)];
  if (protocol !== TCP) return Math.min(bytes.length, tcpAt);
  return Math.min(bytes.length, tcpAt + ((bytes[tcpAt + 12] ?? 0x50) >> 4) * 4);
}

const TCP = 6;

/** What may be shown of a segment: "GET /path" without its query, "HTTP/1.1 200"; null for any other. */
const firstLineOf = (payload: string): string | null =>
  (/^((?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \/[^ ?\r\n]*)(?:\?[^ \r\n]*)? HTTP\/1\.\d\r\n/.exec(payload) ??
    /^(HTTP\/1\.\d \d{3})[ \r]/.exec(payload))?.[1] ?? null;

/** The id, where it is one of ours: opt_comment, and the end of options. */
function commentOf(payload: string, little: boolean): Buffer[] {
  const [, id] = /^[A-Z]+ .*\r\nx-request-id: *([a-z]+(?:-(?:\d+|warm|after))+)\r\n/is.exec(payload) ?? [];
  if (id === undefined) return [];
  const text = Buffer.from(`request ${id}`);
  const option = Buffer.alloc(4);
  little ? option.writeUInt16LE(1, 0) : option.writeUInt16BE(1, 0);
  little ? option.writeUInt16LE(text.length, 2) : option.writeUInt16BE(text.length, 2);
  return [option, padded(text), Buffer.alloc(4)];
}

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
