/** How many requests came in each minute, over some weeks and in any order. */
export interface Traffic {
  count(atMs: number): void;
  countMinute(minute: number, requests: number): void;
  /** Call after the last `count`. @returns requests from the minute of `fromMs` to the minute of `toMs`, both included */
  between(fromMs: number, toMs: number): number;
  /** Each minute, counted from 1970, and its requests. */
  minutes(): ReadonlyMap<number, number>;
}

export function createTraffic(): Traffic {
  const minutes = new Map<number, number>();
  let sums: { minute: number; sum: number }[] | null = null;
  /** Requests up to and including a minute. */
  const upTo = (minute: number): number => {
    flush();
    sums ??= running(minutes);
    let [low, high] = [0, sums.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]!.minute <= minute) low = middle + 1;
      else high = middle;
    }
    return sums[low - 1]?.sum ?? 0;
  };
  const countMinute = (minute: number, requests: number) => {
    const sofar = minutes.get(minute);
    if (sofar !== undefined) minutes.set(minute, sofar + requests);
    else if (minutes.size < KEPT) minutes.set(minute, requests);
  };
  // Requests come minute by minute, mostly: one look-up for each minute.
  let [now, inNow] = [Number.NaN, 0];
  const flush = () => {
    if (inNow > 0) countMinute(now, inNow);
    inNow = 0;
  };
  return {
    count(atMs) {
      const minute = Math.floor(atMs / MINUTE_MS);
      if (minute !== now) {
        flush();
        now = minute;
      }
      inNow += 1;
    },
    countMinute,
    minutes() {
      flush();
      return minutes;
    },
    between: (fromMs, toMs) => upTo(Math.floor(toMs / MINUTE_MS)) - upTo(Math.floor(fromMs / MINUTE_MS) - 1),
  };
}

export const MINUTE_MS = 60_000;

/** Five weeks, 3 MB. Requests in later minutes are not counted, so fewer failures are called a deploy's. */
const KEPT = 50_000;

function running(minutes: ReadonlyMap<number, number>): { minute: number; sum: number }[] {
  let sum = 0;
  return [...minutes]
    .sort(([a], [b]) => a - b)
    .map(([minute, count]) => {
      sum += count;
      return { minute, sum };
    });
}
