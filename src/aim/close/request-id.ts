/**
 * The X-Request-Id at the beginning of a plain HTTP/1.1 request, as the LB passes it on; null for anything else: the rest
 * of a body, TLS. A request's head comes in one piece: the LB has gathered it before it sends it.
 */
export function requestIdIn(bytes: Buffer): string | null {
  // A TLS record begins with 0x14-0x17, a method with a capital letter.
  if (bytes.length < MIN_BYTES || bytes[0]! < 0x41 || bytes[0]! > 0x5a) return null;
  const head = bytes.toString("latin1", 0, MAX_HEAD_BYTES);
  return /\r\nx-request-id: *([^\r\n]+)\r\n/i.exec(head)?.[1] ?? null;
}

const MIN_BYTES = 16;
/** HAProxy's own limit on a head (tune.bufsize). */
const MAX_HEAD_BYTES = 16_384;
