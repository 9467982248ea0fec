import type { Tells } from "../record/tells.ts";
import type { ResponseHead } from "./response-head.ts";

/** Headers that name software, a proxy or a cache. None of them holds what an app's users would call theirs. */
const MARKS = [
  "age",
  "cf-cache-status",
  "cf-ray",
  "content-type",
  "uwebsockets",
  "vary",
  "via",
  "x-amz-cf-id",
  "x-cache",
  "x-cache-hits",
  "x-envoy-upstream-service-time",
  "x-nextjs-cache",
  "x-served-by",
  "x-varnish",
] as const;

export function tellsOf({ phrase, headers }: ResponseHead): Tells {
  const marks = MARKS.flatMap((name) => {
    const value = headers.get(name);
    return value === undefined ? [] : [[name, value.slice(0, LONGEST)] as const];
  });
  const max = /(?:^|[,;\s])max\s*=\s*"?(\d{1,9})(?!\d)/i.exec((headers.get("keep-alive") ?? "").slice(0, LONGEST))?.[1];
  return {
    phrase: phrase.slice(0, LONGEST),
    names: [...headers.keys()].slice(0, MAX_NAMES).map((name) => name.slice(0, LONGEST)),
    marks: Object.fromEntries(marks),
    maxRequests: max === undefined ? null : Number(max),
  };
}

const LONGEST = 200;
const MAX_NAMES = 100;
