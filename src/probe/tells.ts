import type { ResponseHead } from "./response-head.ts";

/** What an answer tells of the software that made or passed it on, besides `Server` and `X-Powered-By`. */
export interface Tells {
  /** The words after the status; "" without any. */
  phrase: string;
  /** The headers' names in lower case, in their order. */
  names: readonly string[];
  /** The values of those in MARKS that there are. */
  marks: Readonly<Partial<Record<Mark, string>>>;
  /** `Keep-Alive: max=N`: so many more requests on this connection (RFC 2068 section 19.7.1.1); null without one. */
  maxRequests: number | null;
}

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

export type Mark = (typeof MARKS)[number];

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
