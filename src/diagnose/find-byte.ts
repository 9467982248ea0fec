/** Where the next quote or blank is: four bytes at a time, since an access log's fields are long. */
export interface FindByte {
  /** From here on these bytes are looked at. */
  open(bytes: Uint8Array): void;
  /** @returns the place of the next quote at `from` or after it; `end` where there is none */
  quote(from: number, end: number): number;
  blank(from: number, end: number): number;
}

export function createFindByte(): FindByte {
  let bytes: Uint8Array = new Uint8Array(0);
  let view = new DataView(bytes.buffer);
  return {
    open(opened) {
      if (opened === bytes) return;
      bytes = opened;
      view = new DataView(opened.buffer, opened.byteOffset, opened.byteLength);
    },
    quote(from, end) {
      let at = from;
      // "Determine if a word has a zero byte" (Hacker's Delight, 6-1): four quotes are zero after the exclusive or.
      for (const last = end - 4; at <= last; at += 4) {
        const word = view.getInt32(at, true) ^ QUOTES;
        if (((word - ONES) & ~word & HIGHS) !== 0) break;
      }
      while (at < end && bytes[at] !== QUOTE) at++;
      return at;
    },
    blank(from, end) {
      let at = from;
      for (const last = end - 4; at <= last; at += 4) {
        const word = view.getInt32(at, true) ^ BLANKS;
        if (((word - ONES) & ~word & HIGHS) !== 0) break;
      }
      while (at < end && bytes[at] !== BLANK) at++;
      return at;
    },
  };
}

const [QUOTE, BLANK] = [34, 32];
const ONES = 0x01010101;
const HIGHS = 0x80808080 | 0;
const QUOTES = QUOTE * ONES;
const BLANKS = BLANK * ONES;
