import { FEWEST_FIELDS, FIELDS } from "../alb-log/fields.ts";
import type { Bounded } from "./bounded.ts";
import { createByteKeys } from "./byte-keys.ts";
import { createClock } from "./clock.ts";
import type { Counts, Tally, TargetTally } from "./counts.ts";
import { createFindByte, type FindByte } from "./find-byte.ts";
import { HOUR_LENGTH } from "./hour.ts";
import { createPathScan } from "./path-scan.ts";
import { routeOf } from "./route.ts";

/**
 * Counts an ordinary line, which is nearly every one, from its bytes: whole, with a status that is no 5xx. It looks at
 * the few fields that such a line adds to the tally, and makes no string of any. What it is not sure of it leaves alone,
 * for the reader of strings; both count alike, line by line (test/diagnose/quick.test.ts).
 * @returns whether the bytes from `start` to `end`, without the line break, were such a line and are counted
 */
export function createQuick(tally: Tally): (bytes: Buffer, start: number, end: number) => boolean {
  const timeAt = createClock();
  const minute = { bytes: new Uint8Array(MINUTE_LENGTH), ms: Number.NaN, hour: null as Counts | null };
  const targets = createByteKeys(tally.targets as Bounded<TargetTally>);
  const routes = createByteKeys(tally.routes);
  const path = createPathScan();
  const find = createFindByte();

  /** The minute's cached ms and hour, for the time at `at`. @returns false where there is no such time */
  const tune = (bytes: Buffer, at: number): boolean => {
    for (let i = 0; i < MINUTE_LENGTH; i++) {
      if (bytes[at + i] === minute.bytes[i]) continue;
      const text = bytes.toString("latin1", at, at + MINUTE_LENGTH);
      const ms = timeAt(`${text}:00.000Z`, 0);
      if (Number.isNaN(ms)) return false;
      minute.bytes.set(bytes.subarray(at, at + MINUTE_LENGTH));
      minute.ms = ms;
      minute.hour = tally.hours.get(text.slice(0, HOUR_LENGTH));
      return true;
    }
    return true;
  };

  return (bytes, start, lineEnd) => {
    const end = bytes[lineEnd - 1] === CARRIAGE_RETURN ? lineEnd - 1 : lineEnd;
    // type
    let at = start;
    const first = bytes[at]!;
    if (first < LOWER_A || first > LOWER_Z) return false;
    at = blankAfter(bytes, at, end) + 1;
    // time: 2018-07-02T22:23:00.186641Z
    const time = at;
    if (end - time < 100 || bytes[time + 10] !== T || bytes[time + SECOND - 1] !== COLON) return false;
    at = blankAfter(bytes, at, end) + 1;
    if (at - time < SECOND + 7 || bytes[time + SECOND + 2] !== DOT) return false;
    const ms = millisecondsAt(bytes, time + SECOND);
    if (ms < 0) return false;
    // elb, client:port
    if (bytes[at] === QUOTE) return false;
    at = blankAfter(bytes, at, end) + 1;
    if (bytes[at] === QUOTE) return false;
    at = blankAfter(bytes, at, end) + 1;
    const target = at;
    at = blankAfter(bytes, at, end);
    const targetEnd = at;
    if (targetEnd === target || targetEnd >= end || bytes[target] === QUOTE) return false;
    // request_, target_ and response_processing_time
    at += 1;
    for (let i = 0; i < 3; i++) {
      const from = at;
      for (; at < end && bytes[at] !== BLANK; at++) if (!isOfNumber(bytes[at]!, at - from)) return false;
      if (at === from) return false;
      at += 1;
    }
    // elb_status_code, target_status_code
    if (bytes[at + 3] !== BLANK || !isGoodStatus(bytes, at)) return false;
    at += 4;
    const answered = bytes[at] !== DASH;
    if (answered && !isDigits(bytes, at)) return false;
    at += answered ? 3 : 1;
    if (bytes[at] !== BLANK) return false;
    // received_bytes, sent_bytes
    at += 1;
    if (bytes[at] === QUOTE) return false;
    at = blankAfter(bytes, at, end) + 1;
    if (bytes[at] === QUOTE) return false;
    at = blankAfter(bytes, at, end) + 1;
    if (at >= end || bytes[at] !== QUOTE) return false;
    find.open(bytes);
    const route = path.scan(bytes, at + 1, end);
    if (!isWhole(bytes, find, route >= 0 ? path.endedAt() : at + 1, end)) return false;

    if (!tune(bytes, time)) return false;
    const atMs = minute.ms + ms;
    const counts = targets.get(bytes, target, targetEnd);
    const routeCounts =
      route >= 0
        ? routes.get(path.bytes, 0, route)
        : tally.routes.get(routeOf(bytes.toString("latin1", at + 1, bytes.indexOf(QUOTE, at + 1))));
    tally.lines += 1;
    tally.requests += 1;
    if (atMs < tally.firstMs) tally.firstMs = atMs;
    if (atMs > tally.lastMs) tally.lastMs = atMs;
    if (bytes[target] !== DASH) tally.traffic.count(atMs);
    counts.requests += 1;
    minute.hour!.requests += 1;
    routeCounts.requests += 1;
    if (atMs < counts.firstMs) counts.firstMs = atMs;
    if (atMs > counts.lastMs) counts.lastMs = atMs;
    if (answered) counts.answered += 1;
    return true;
  };
}

const MINUTE_LENGTH = "2018-07-02T22:23".length;
/** Where the seconds are in a time. */
const SECOND = MINUTE_LENGTH + 1;

const [CARRIAGE_RETURN, BLANK, QUOTE, DASH, DOT, COLON, T, BACKSLASH] = [13, 32, 34, 45, 46, 58, 84, 92];
const [ZERO, NINE, FIVE, LOWER_A, LOWER_Z] = [48, 57, 53, 97, 122];

/** @returns where the next blank is, or `end`; also where `at` is beyond it */
function blankAfter(bytes: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] !== BLANK) at++;
  return at;
}

const isDigit = (code: number): boolean => code >= ZERO && code <= NINE;

const isDigits = (bytes: Buffer, at: number): boolean =>
  isDigit(bytes[at]!) && isDigit(bytes[at + 1]!) && isDigit(bytes[at + 2]!);

const isGoodStatus = (bytes: Buffer, at: number): boolean => isDigits(bytes, at) && bytes[at] !== FIVE;

const isOfNumber = (code: number, place: number): boolean =>
  isDigit(code) || (code === DOT && place > 0) || (code === DASH && place === 0);

/** The seconds at `at`, "59.123", as ms; -1 where there are none. */
function millisecondsAt(bytes: Buffer, at: number): number {
  if (!isDigit(bytes[at]!) || !isDigit(bytes[at + 1]!) || !isDigits(bytes, at + 3)) return -1;
  const seconds = bytes[at]! * 10 + bytes[at + 1]!;
  const fraction = bytes[at + 3]! * 100 + bytes[at + 4]! * 10 + bytes[at + 5]!;
  return seconds * 1000 + fraction - ZERO * 11_111;
}

/**
 * From within the request on: whether the line has the fields that each line has, none of them empty, each quote closed.
 */
function isWhole(bytes: Buffer, find: FindByte, from: number, end: number): boolean {
  let at = from;
  let count = FIELDS_BEFORE_REQUEST;
  let isQuoted = true;
  while (at < end) {
    if (count === FIELDS.length) return false;
    count += 1;
    if (isQuoted || bytes[at] === QUOTE) {
      at = find.quote(isQuoted ? at : at + 1, end);
      isQuoted = false;
      // A stray or an escaped quote is for the other reader.
      if (at === end || bytes[at - 1] === BACKSLASH) return false;
      at += 1;
      if (at < end && bytes[at] !== BLANK) return false;
    } else {
      if (bytes[at] === BLANK) return false;
      at = find.blank(at, end);
    }
    at += 1;
  }
  return count >= FEWEST_FIELDS;
}

const FIELDS_BEFORE_REQUEST = FIELDS.findIndex(({ name }) => name === "request");
