import assert from "node:assert/strict";
import { test } from "node:test";
import { inBetween } from "../../src/advice/in-between.ts";
import { remarksOn } from "../../src/advice/remarks.ts";
import type { Tells } from "../../src/record/tells.ts";

const tells = (marks: Record<string, string>, maxRequests: number | null = null): Tells => {
  return { phrase: "OK", names: Object.keys(marks), marks, maxRequests };
};
const said = (server: string | null, marks: Record<string, string> = {}, poweredBy: string | null = null) =>
  inBetween({ server, poweredBy, tells: tells(marks) }).join(" ");

const HOP = /this measures the proxy; the app behind is another hop/;

for (const server of [
  "awselb/2.0",
  "cloudflare",
  "CloudFront",
  "gse",
  "envoy",
  "istio-envoy",
  "nginx/1.22.1",
  "Varnish",
]) {
  test(`A proxy or LB is named by its Server header: ${server}.`, () => {
    assert.match(said(server), HOP);
    assert.ok(said(server).includes(`Server: ${server}`));
  });
}

test("A server that may be the target itself is named with an if; one that answers for another without.", () => {
  assert.match(said("nginx"), /^Nginx answers \(Server: nginx\): where it passes requests on to an app, this measures/);
  assert.match(said("nginx", {}, "Express"), /^Nginx answers in the app's place/);
});

const hops: Record<string, string>[] = [
  { via: "1.1 varnish" },
  { "cf-ray": "8f0-FRA" },
  { "x-amz-cf-id": "abc" },
  { "x-served-by": "cache-fra" },
  { "x-envoy-upstream-service-time": "3" },
];
for (const marks of hops) {
  test(`A proxy is told by ${Object.keys(marks)}.`, () => assert.match(said(null, marks), HOP));
}

test("An app's own answer is passed over in silence.", () => {
  for (const server of [null, "gunicorn", "uvicorn", "Kestrel", "Jetty(12)", "Apache/2.4"]) {
    assert.equal(said(server, { "content-type": "text/html", vary: "accept" }), "");
  }
  assert.deepEqual(inBetween({ server: null, poweredBy: null }), []);
});

const hits: Record<string, string>[] = [
  { age: "12" },
  { age: "0" },
  { "x-cache": "Hit from cloudfront" },
  { "x-cache": "HIT, MISS" },
  { "cf-cache-status": "HIT" },
  { "x-cache-hits": "0, 3" },
  { "x-varnish": "32770 3" },
];
for (const marks of hits) {
  test(`A cached answer is told by ${JSON.stringify(marks)}.`, () => {
    assert.match(said(null, marks), /A cache answered \(.*\), and cached answers never reach the target/);
  });
}

test("A cache that had nothing stands in between all the same.", () => {
  for (const marks of [
    { "x-cache": "Miss from cloudfront" },
    { "cf-cache-status": "DYNAMIC" },
    { "x-cache-hits": "0" },
  ]) {
    assert.match(said(null, marks), /A cache stands in between \(.*\): cached answers never reach the target/);
  }
});

test("What a header says is shown as one short line of plain text.", () => {
  const text = said(null, { via: `\u001b[31m${"x".repeat(300)}` });
  assert.match(text, /^[\x20-\x7e]{1,250}$/);
});

test("A limit on requests that Keep-Alive announces is said.", () => {
  const remarks = remarksOn({ server: null, poweredBy: null, tells: tells({}, 100) });
  assert.match(remarks.join(" "), /Keep-Alive header says max=100: it ends a connection after about so many requests/);
});
