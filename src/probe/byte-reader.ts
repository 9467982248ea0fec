/** Takes lines and counted bytes from what comes in pieces, without holding or scanning any byte twice. */
export interface ByteReader {
  push(chunk: Buffer): void;
  /** A line without its end (LF or CRLF), as ISO 8859-1. null: its end has not come. */
  line(): string | null;
  /** At most so many bytes; empty when there are none yet. */
  bytes(atMost: number): Buffer;
  /** How many bytes the lines have taken since the last `refund`. */
  spent(): number;
  refund(): void;
}

export function createByteReader(): ByteReader {
  let chunk: Buffer = Buffer.alloc(0);
  let at = 0;
  let begun = "";
  let spent = 0;
  return {
    push(next) {
      chunk = at < chunk.length ? Buffer.concat([chunk.subarray(at), next]) : next;
      at = 0;
    },
    line() {
      const end = chunk.indexOf(LF, at);
      const to = end < 0 ? chunk.length : end;
      begun += chunk.toString("latin1", at, to);
      spent += to - at + (end < 0 ? 0 : 1);
      at = end < 0 ? to : end + 1;
      if (end < 0) return null;
      const line = begun.endsWith("\r") ? begun.slice(0, -1) : begun;
      begun = "";
      return line;
    },
    bytes(atMost) {
      const taken = chunk.subarray(at, at + atMost);
      at += taken.length;
      return taken;
    },
    spent: () => spent,
    refund() {
      spent = 0;
    },
  };
}

const LF = 0x0a;
