/**
 * routeOf (route.ts) for the bytes of an ordinary request: `GET https://host:443/users/123?q HTTP/1.1`, whose ids are
 * numbers. The route is in `bytes` afterwards.
 */
export interface PathScan {
  bytes: Uint8Array;
  /** @returns the route's length; -1 where it takes routeOf to tell */
  scan(bytes: Uint8Array, start: number, end: number): number;
  /** Where the last scan that told ended: no quote is before it. */
  endedAt(): number;
}

export function createPathScan(): PathScan {
  const route = new Uint8Array(LONGEST);
  let endedAt = 0;
  return {
    bytes: route,
    endedAt: () => endedAt,
    scan(bytes, start, end) {
      let at = start;
      // The method, then "scheme://host".
      while (at < end && bytes[at] !== BLANK && bytes[at] !== QUOTE) at++;
      if (bytes[at] !== BLANK) return -1;
      at += 1;
      while (at < end && bytes[at]! >= LOWER_A && bytes[at]! <= LOWER_Z) at++;
      if (bytes[at] !== COLON || bytes[at + 1] !== SLASH || bytes[at + 2] !== SLASH) return -1;
      at += 3;
      while (at < end && bytes[at] !== SLASH) {
        const code = bytes[at]!;
        if (code === BLANK || code === QUOTE || code === QUESTION || code === BACKSLASH || code === HASH) return -1;
        at++;
      }
      let length = 0;
      let segment = 0;
      let digits = 0;
      let others = 0;
      for (; at < end; at++) {
        const code = bytes[at]!;
        const over = code === BLANK || code === QUESTION || code === SEMICOLON || code === HASH;
        if (over || code === SLASH) {
          const size = length - segment;
          if (digits > 0) {
            if (size > digits && (size >= SHORTEST_ID || (size >= SHORTEST_HEX && others === 0))) return -1;
            if (size === digits) {
              route[segment] = COLON;
              route[segment + 1] = LOWER_N;
              length = segment + 2;
            }
          } else if (size > LONGEST_WORD) return -1;
          if (over) {
            endedAt = at;
            return length > 0 ? length : -1;
          }
          segment = length + 1;
          digits = 0;
          others = 0;
        } else if (code === QUOTE || code === BACKSLASH) return -1;
        else if (code >= ZERO && code <= NINE) digits += 1;
        else if ((code | LOWER_BIT) < LOWER_A || (code | LOWER_BIT) > LOWER_F) others += 1;
        if (length >= LONGEST - 2) return -1;
        route[length] = code;
        length += 1;
      }
      return -1;
    },
  };
}

/** As a map's key may be; a longer one is cut there. */
const LONGEST = 500;

/** Shorter ones with digits in them are words, unless all is hexadecimal (route.ts). */
const SHORTEST_ID = 12;
const SHORTEST_HEX = 8;
const LONGEST_WORD = 23;

const [BLANK, QUOTE, HASH, SLASH, COLON, SEMICOLON, QUESTION, BACKSLASH] = [32, 34, 35, 47, 58, 59, 63, 92];
const [ZERO, NINE, LOWER_A, LOWER_F, LOWER_N, LOWER_Z] = [48, 57, 97, 102, 110, 122];
/** What an upper-case letter lacks of a lower-case one. */
const LOWER_BIT = 32;
