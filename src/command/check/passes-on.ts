import { cacheHeader } from "../../../scenarios/lib/from-cache.ts";
import { firstContact, MAX_ANSWER_MS } from "../../probe/first-contact.ts";
import type { AppRequest } from "../../record/request.ts";
import { InconclusiveError } from "../../run/exit.ts";
import { FIRST_REQUESTS } from "./standing-lb.ts";

type Theirs = Awaited<ReturnType<typeof firstContact>>;

/** What is known of a standing LB before anything is aimed. */
export interface Standing {
  /** What stands between it and the target, or in front of it, as whole sentences. */
  inBetween: string[];
  /** The header by which the target's own answers say that they come from a cache: no matter of the LB's. */
  ownCache: string | null;
}

/**
 * Whether a standing LB passes a request on to the target, as far as its answers tell. A redirect to https, a login or a
 * default 404 comes from the LB itself, and a kept answer from a cache: then no request would reach the target, and none
 * could be lost.
 * @param first the target's own answer
 * @throws InconclusiveError when the LB or a cache answers by itself; UsageError as firstContact()
 */
export async function assertPassesOn(
  through: URL,
  first: Theirs,
  how: { request: AppRequest; signal: AbortSignal; insecure: boolean },
): Promise<Standing> {
  const { request, signal } = how;
  const answers: Theirs[] = [];
  // A cache that has just got the answer gives it to the second one.
  while (answers.length < FIRST_REQUESTS) {
    const asked = { url: through, request, withinMs: MAX_ANSWER_MS, signal, verifies: !how.insecure };
    answers.push(await firstContact(asked));
  }
  const ownCache = cacheOf(first);
  for (const theirs of answers) assertNotByItself(through, { ...first, ownCache }, theirs);
  return { inBetween: inBetween(first, answers.at(-1)!), ownCache };
}

const cacheOf = ({ headers }: Theirs): string | null => cacheHeader((name) => headers.get(name) ?? null);

function assertNotByItself(through: URL, first: Theirs & Pick<Standing, "ownCache">, theirs: Theirs): void {
  const byAlb = theirs.server?.startsWith("awselb") && !first.server?.startsWith("awselb");
  if (theirs.status !== first.status || byAlb) {
    throw new InconclusiveError(
      `${through.origin} answers ${theirs.status} where the target answers ${first.status}: the LB seems to answer by itself; give the --through URL, --path or --header with which it passes the request on`,
    );
  }
  const cache = cacheOf(theirs);
  if (cache === null || cache === first.ownCache) return;
  throw new InconclusiveError(
    `${through.origin} answers from a cache (its ${cache} header says so): what does not reach the target cannot be lost; give a --path that is not cached`,
  );
}

function inBetween(first: Theirs, theirs: Theirs): string[] {
  const added = SIGNS.filter((name) => theirs.headers.has(name) && !first.headers.has(name));
  if (added.length === 0) return [];
  return [
    `A proxy or cache stands between: answers through the LB have ${added.join(", ")}, which the target's own have not. The one that talks to the target is who has to close first, and --lb-idle has to be its timeout.`,
  ];
}

/** What proxies, caches and CDNs add to an answer, and load balancers do not. */
const SIGNS = [
  ...["via", "age", "x-cache", "x-cache-status", "cache-status", "x-cache-hits", "x-served-by", "x-varnish"],
  ...[
    "cf-ray",
    "cf-cache-status",
    "x-amz-cf-id",
    "x-akamai-transformed",
    "x-vercel-id",
    "x-proxy-cache",
    "fly-request-id",
  ],
];
