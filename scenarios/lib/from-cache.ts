/**
 * The header by which an answer says that a cache gave it, so that the request never reached the target; null where none
 * does. An answer that was only revalidated did reach it.
 * @param value of a header, by its name in lower case; null without it
 */
export function cacheHeader(value: (name: string) => string | null): string | null {
  const named = NAMED.find(([name, hit]) => hit.test(value(name) ?? ""));
  return named ? named[0] : null;
}

/** "TCP_HIT", "HIT, MISS", "Hit from cloudfront"; not "RefreshHit", nor "TCP_REFRESH_HIT". */
const HIT = /^(?!.*refresh)(.*[^a-z])?(hit|stale|updating)\b/i;

const NAMED: readonly [name: string, hit: RegExp][] = [
  ["cache-status", /(^|[;,\s])hit\b/i], // RFC 9211
  ["x-cache", HIT],
  ["cf-cache-status", HIT],
  ["x-cache-status", HIT],
  ["x-proxy-cache", HIT],
  ["x-vercel-cache", HIT],
  ["server-timing", /\bcdn-cache\s*;\s*desc="?hit\b/i],
  ["x-cache-hits", /[1-9]/],
  ["x-varnish", /^\d+ \d+$/], // the second is the request that filled the cache
  ["age", /^0*[1-9]\d*$/], // RFC 9111 section 5.1; some caches say 0 on a miss
];
