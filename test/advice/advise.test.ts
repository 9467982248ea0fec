import assert from "node:assert/strict";
import { test } from "node:test";
import { advise, type Question } from "../../src/advice/advise.ts";
import { frameworkNamed } from "../../src/advice/frameworks.ts";
import { loadProfile, profileNames } from "../../src/advice/profile.ts";
import type { Software } from "../../src/advice/recognise.ts";
import { SERVERS } from "../../src/advice/server-facts.ts";
import { AGAINST_LB } from "../../src/record/against-lb.ts";

function software(id: string, sure = true): Software {
  return { id, title: SERVERS.find((one) => one.id === id)!.title, by: "a test", sure };
}

const PROFILES = new Map(profileNames().map((name) => [name, loadProfile(name)]));

function ask(changes: Partial<Question>, profile = "alb") {
  const lb = PROFILES.get(profile)!;
  const question = { software: null, kind: "vulnerable", lbIdleMs: lb.idleTimeoutMs, idleCloseMs: 6003, profile: lb };
  return advise({ ...question, ...changes } as Question);
}

test("Express behind an ALB gets the two lines that people know.", () => {
  const advice = ask({ software: software("express") })!;
  assert.equal(
    advice.headline,
    "Express (or NestJS on it): keep idle connections longer than the LB's 60 s: keepAliveTimeout 65000 (ms)",
  );
  assert.deepEqual(advice.lines.slice(0, 6), [
    "// Express:",
    "const server = app.listen(port);",
    "server.keepAliveTimeout = 65000;",
    "server.headersTimeout = 66000; // needed before Node 14 only (nodejs/node#27363)",
    "// NestJS, between NestFactory.create and app.listen:",
    "app.getHttpServer().keepAliveTimeout = 65000;",
  ]);
  assert.equal(advice.source, "https://nodejs.org/api/http.html#serverkeepalivetimeout");
});

test("Behind Google's 600 s it is 620 s.", () => {
  assert.match(ask({ software: software("node") }, "gcp")!.headline, /600 s: keepAliveTimeout 620000 \(ms\)$/);
});

const headlines: [id: string, ends: string][] = [
  ["gunicorn", "--keep-alive 65 (s)"],
  ["uvicorn", "--timeout-keep-alive 65 (s)"],
  ["uwsgi-keepalive", "http-keepalive 65 (s)"],
  ["puma", "persistent_timeout 65 (s)"],
  ["go", "IdleTimeout 65 s"],
  ["tomcat-embedded", "server.tomcat.keep-alive-timeout 65 s"],
  ["jetty", "idleTimeout 65000 (ms)"],
  ["apache", "KeepAliveTimeout 65 (s)"],
  ["bun", "idleTimeout 65 (s)"],
  ["nextjs", "--keepAliveTimeout 65000 (ms)"],
];

for (const [id, ends] of headlines) {
  test(`${id} gets its own setting in its own unit: ${ends}.`, () => {
    const { headline } = ask({ software: software(id) })!;
    assert.ok(headline.endsWith(`longer than the LB's 60 s: ${ends}`), headline);
  });
}

test("A guess is marked as one.", () => {
  assert.match(ask({ software: software("node", false) })!.headline, /^Probably Node's http server/);
});

test("Seconds that were given for milliseconds are told, by whole seconds promised or by a close that no one wants.", () => {
  const node = software("node", false);
  const told =
    /keepAliveTimeout seems to be about 65 ms: it takes milliseconds; keep .*: keepAliveTimeout 65000 \(ms\)$/;
  for (const idleCloseMs of [65.9, 1065.4]) {
    assert.match(ask({ software: node, claimedMs: 0, idleCloseMs, minMs: idleCloseMs - 0.3 })!.headline, told);
    assert.match(ask({ software: node, claimedMs: 0, idleCloseMs, kind: "closes-at-once" })!.headline, told);
  }
  assert.match(
    ask({ software: software("jetty"), idleCloseMs: 65.2 })!.headline,
    /idleTimeout seems to be about 65 ms/,
  );
  for (const other of [
    { claimedMs: 5000, idleCloseMs: 6000 },
    { claimedMs: 1000, idleCloseMs: 1001 },
  ]) {
    assert.doesNotMatch(ask({ software: node, ...other })!.headline, /milliseconds/);
  }
  assert.doesNotMatch(ask({ software: software("uvicorn"), idleCloseMs: 65 })!.headline, /milliseconds/);
  assert.doesNotMatch(ask({ idleCloseMs: 65 })!.headline, /milliseconds/);
});

test("uWebSockets.js has no setting: the LB is lowered below its earliest close, or a server stands in front of it.", () => {
  const advice = ask({ software: software("uwebsockets"), idleCloseMs: 10_800, minMs: 10_400 })!;
  assert.match(advice.headline, /^uWebSockets\.js: no setting keeps .*; lower the LB's idle timeout, or put a server/);
  assert.ok(advice.instead.some((line) => line.includes("Value=6")));
});

test("NestJS gets a line that its own app takes, and Next.js its own flag.", () => {
  const nest = ask({ software: frameworkNamed("NestJS") })!;
  assert.equal(nest.lines[0], "app.getHttpServer().keepAliveTimeout = 65000;");
  assert.doesNotMatch(nest.lines.join("\n"), /= app\.listen|^#/m);
  assert.equal(ask({ software: frameworkNamed("next.js") })!.lines[0], "next start --keepAliveTimeout 65000");
});

test("gunicorn's uvicorn worker is that of the uvicorn-worker package.", () => {
  const { lines } = ask({ software: software("gunicorn-uvicorn") })!;
  assert.equal(lines[0], "gunicorn --worker-class uvicorn_worker.UvicornWorker --keep-alive 65 ...");
  assert.ok(lines.some((line) => /uvicorn\.workers\.UvicornWorker .* deprecated/.test(line)));
});

test("Bun takes 255 s at most: beyond it the advice is 0, never.", () => {
  const advice = ask({ software: software("bun") }, "gcp")!;
  assert.match(advice.headline, /idleTimeout 0 \(s\)$/);
  assert.ok(advice.lines.includes("// 255 is the most it takes; 0 never closes"));
});

test("An unknown server gets the rule, and the servers that close at that time by default.", () => {
  const advice = ask({ idleCloseMs: 20_100 })!;
  assert.equal(advice.headline, "The target: keep idle connections longer than the LB's 60 s: 65 s");
  assert.match(advice.lines.join("\n"), /20\.1 s is the default of: Apache Tomcat.*, Puma before 7; docs\/fixes\.md/);
  assert.equal(advice.source, loadProfile("alb").idleTimeoutSource);
});

test("A tie is named as one, and gets the same value.", () => {
  const { headline } = ask({ software: software("uwsgi-keepalive"), kind: "tie", idleCloseMs: 60_060 })!;
  assert.match(headline, /ties with the LB's 60 s, which loses requests too; .*: http-keepalive 65 \(s\)$/);
});

test("uWSGI that closes at once gets http-keepalive with a value, and never harakiri as a fix.", () => {
  const advice = ask({ software: software("uwsgi", false), kind: "closes-at-once", idleCloseMs: 1 })!;
  assert.match(advice.headline, /turn keep-alive on, for 65 s, or announce each close/);
  assert.ok(advice.lines.includes("http-keepalive = 65"));
  assert.ok(!advice.lines.some((line) => /^harakiri/.test(line)));
  assert.ok(
    advice.lines.some((line) => line.includes("Connection: close")),
    "a guess keeps the general rule",
  );
});

test("An unknown server that closes at once gets both ways out.", () => {
  const text = ask({ kind: "closes-at-once", idleCloseMs: 1 })!.lines.join("\n");
  assert.match(text, /# uWSGI .* does so by default; there it is:\nhttp = :8000\nhttp-keepalive = 65/);
  assert.match(text, /65 s/);
  assert.match(text, /Connection: close/);
});

test("A server without a setting is not given one.", () => {
  const advice = ask({ software: software("daphne"), kind: "tie", idleCloseMs: 60_050 })!;
  assert.match(advice.headline, /^daphne: no setting keeps .*; lower the LB's idle timeout, or put a server/);
  assert.ok(advice.instead.some((line) => line.includes("Value=48")));
});

test("Lowering the LB is offered too: an ALB at 4 s, and what that costs.", () => {
  const text = ask({ software: software("express") })!.instead.join("\n");
  assert.match(text, /idle_timeout\.timeout_seconds,Value=4\n# it also bounds every response: .* 4 s becomes a 504/);
});

test("An LB whose timeout bounds every response is not sent below 4 s; Envoy may go to 1 s.", () => {
  const gunicorn = { software: software("gunicorn"), idleCloseMs: 2000 };
  assert.deepEqual(ask(gunicorn)!.instead, []);
  assert.match(ask(gunicorn, "envoy")!.instead.join("\n"), /idle_timeout: 1s/);
});

test("A fixed LB is not lowered, nor one whose timeout can't be set exactly.", () => {
  for (const name of ["gcp", "cloudflare", "heroku", "haproxy"]) {
    assert.deepEqual(ask({}, name)!.instead, [], name);
  }
});

test("A target that needs no fix gets no advice, nor does one that is not known.", () => {
  for (const kind of ["outlives", "announces-close", "unknown"] as const) {
    assert.equal(ask({ kind, software: software("express") }), null);
  }
});

test("For every server, LB and kind the advice is one headline, and no line has a placeholder left.", () => {
  for (const profile of profileNames()) {
    for (const id of [null, ...SERVERS.map((one) => one.id)]) {
      for (const kind of AGAINST_LB) {
        const advice = ask({ kind, software: id === null ? null : software(id) }, profile);
        if (advice === null) continue;
        const text = [advice.headline, ...advice.lines, ...advice.instead].join("\n");
        assert.doesNotMatch(text, /undefined|NaN|null|\{(ms|s|ms\+1000)\}/, `${profile} ${id} ${kind}`);
        assert.doesNotMatch(advice.headline, /\n/);
        assert.ok(advice.lines.length > 0);
        const begin = SERVERS.find((one) => one.id === id)?.comment ?? "#";
        const others = ["#", "//", "<!--"].filter((one) => one !== begin);
        assert.ok(!advice.lines.some((line) => others.some((other) => line.startsWith(`${other} `))), `${id}: ${text}`);
      }
    }
  }
});
