import type { EdgeLine } from "../../src/evidence/edge-log.ts";
import { fisherExact } from "../../src/verdict/fisher.ts";
import { clopperPearson, type Rate } from "../../src/verdict/interval.ts";

/** What one way of sending the same traffic came to, by the LB's log. */
export interface Side {
  /** k6 processes that shared the users. */
  processes: number;
  /** X-Request-Id of every request that counts, each once. */
  ids: string[];
  /** How many of them came once more: users of two processes took each other's place, or k6's transport repeated some. */
  repeated: number;
  lost: number;
}

/** @param counts which requests count, by their X-Request-Id */
export function sideOf(lines: readonly EdgeLine[], counts: RegExp, processes: number): Side {
  const counted = lines.filter(({ id }) => counts.test(id));
  const ids = [...new Set(counted.map(({ id }) => id))].sort();
  const lost = new Set(counted.filter(({ status }) => status === 502).map(({ id }) => id)).size;
  return { processes, ids, repeated: counted.length - ids.length, lost };
}

/** Whether both ways came to the same. */
export interface Sameness {
  /** The very same requests, none twice. */
  totals: boolean;
  /** Shares lost, with their 95 % intervals. */
  rates: [one: Rate, several: Rate];
  /** Whether these intervals overlap. */
  overlap: boolean;
  /** Fisher's exact test of both counts: how likely a difference such as this is if there is none. */
  p: number;
}

/** @param one and several each with requests */
export function sameness(one: Side, several: Side): Sameness {
  const rates = [one, several].map(({ lost, ids }) => clopperPearson(lost, ids.length)) as [Rate, Rate];
  return {
    totals: one.ids.join() === several.ids.join() && one.repeated + several.repeated === 0,
    rates,
    overlap: rates[0].low <= rates[1].high && rates[1].low <= rates[0].high,
    p: fisherExact(one.lost, one.ids.length - one.lost, several.lost, several.ids.length - several.lost),
  };
}
