import assert from "node:assert/strict";
import { test } from "node:test";
import { cacheHeader } from "../../scenarios/lib/from-cache.ts";

const of = (headers: Record<string, string>) => cacheHeader((name) => headers[name] ?? null);

test("An answer out of a cache is recognised by the words of common caches.", () => {
  const hits: Record<string, string>[] = [
    { age: "1" },
    { age: "86400", "x-cache": "MISS" },
    { "x-cache": "Hit from cloudfront" },
    { "x-cache": "HIT, MISS" },
    { "x-cache": "MISS, HIT" },
    { "x-cache": "TCP_MEM_HIT from a23-1-2-3.deploy.akamaitechnologies.com" },
    { "cf-cache-status": "HIT" },
    { "cf-cache-status": "STALE" },
    { "x-cache-status": "HIT" },
    { "cache-status": "ExampleCache; hit; ttl=376" },
    { "cache-status": 'Nginx; fwd=stale, "CDN, Inc."; hit' },
    { "x-varnish": "32770 3" },
    { "x-cache-hits": "0, 2" },
    { "server-timing": "cdn-cache; desc=HIT, edge; dur=1" },
    { "x-vercel-cache": "STALE" },
  ];
  for (const headers of hits) assert.ok(of(headers), JSON.stringify(headers));
});

test("An answer that came from the target, or was revalidated with it, is none.", () => {
  const misses: Record<string, string>[] = [
    {},
    { age: "0" },
    { age: "" },
    { age: "soon" },
    { "x-cache": "MISS" },
    { "x-cache": "Miss from cloudfront" },
    { "x-cache": "RefreshHit from cloudfront" },
    { "x-cache": "TCP_REFRESH_HIT from a1-2-3-4" },
    { "cf-cache-status": "DYNAMIC" },
    { "cf-cache-status": "BYPASS" },
    { "cache-status": "ExampleCache; fwd=uri-miss; stored" },
    { "x-varnish": "32770" },
    { "x-cache-hits": "0" },
    { "server-timing": "cdn-cache; desc=MISS" },
  ];
  for (const headers of misses) assert.equal(of(headers), null, JSON.stringify(headers));
});
