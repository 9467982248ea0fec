import assert from "node:assert/strict";
import { test } from "node:test";
import { advise, type Question } from "../../src/advice/advise.ts";
import { loadProfile, profileNames } from "../../src/advice/profile.ts";
import type { Software } from "../../src/advice/recognise.ts";
import { SERVERS } from "../../src/advice/server-facts.ts";
import { AGAINST_LB } from "../../src/record/against-lb.ts";

function software(id: string, sure = true): Software {
  return { id, title: SERVERS.find((one) => one.id === id)!.title, by: "a test", sure };
}

function ask(changes: Partial<Question>, profile = "alb") {
  const lb = loadProfile(profile);
  const question = { software: null, kind: "vulnerable", lbIdleMs: lb.idleTimeoutMs, idleCloseMs: 6003, profile: lb };
  return advise({ ...question, ...changes } as Question);
}

test("Express behind an ALB gets the two lines that people know.", () => {
  const advice = ask({ software: software("express") })!;
  assert.equal(
    advice.headline,
    "Express (or NestJS on it): keep idle connections longer than the LB's 60 s: keepAliveTimeout 65000 (ms)",
  );
  assert.deepEqual(advice.lines.slice(0, 3), [
    "const server = app.listen(port);",
    "server.keepAliveTimeout = 65000;",
    "server.headersTimeout = 66000; // needed before Node 14 only (nodejs/node#27363)",
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

test("Bun takes 255 s at most: beyond it the advice is 0, never.", () => {
  const advice = ask({ software: software("bun") }, "gcp")!;
  assert.match(advice.headline, /idleTimeout 0 \(s\)$/);
  assert.ok(advice.lines.includes("# 255 is the most it takes; 0 never closes"));
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
  assert.match(text, /65 s/);
  assert.match(text, /Connection: close/);
});

test("A server without a setting is not given one.", () => {
  const advice = ask({ software: software("daphne"), kind: "tie", idleCloseMs: 60_050 })!;
  assert.match(advice.headline, /^daphne: no setting keeps .*; lower the LB's idle timeout, or put a server/);
  assert.ok(advice.lines.some((line) => line.includes("Value=48")));
});

test("Lowering the LB is offered too: an ALB at 4 s, and what that costs.", () => {
  const text = ask({ software: software("express") })!.lines.join("\n");
  assert.match(text, /idle_timeout\.timeout_seconds,Value=4\n# it also bounds every response: .* 4 s becomes a 504/);
});

test("An LB whose timeout bounds every response is not sent below 4 s; Envoy may go to 1 s.", () => {
  const gunicorn = { software: software("gunicorn"), idleCloseMs: 2000 };
  assert.doesNotMatch(ask(gunicorn)!.lines.join("\n"), /Value=/);
  assert.match(ask(gunicorn, "envoy")!.lines.join("\n"), /idle_timeout: 1s/);
});

test("A fixed LB is not lowered, nor one whose timeout can't be set exactly.", () => {
  for (const name of ["gcp", "cloudflare", "heroku", "haproxy"]) {
    assert.doesNotMatch(ask({}, name)!.lines.join("\n"), /or lower/, name);
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
        const text = [advice.headline, ...advice.lines].join("\n");
        assert.doesNotMatch(text, /undefined|NaN|null|\{(ms|s|ms\+1000)\}/, `${profile} ${id} ${kind}`);
        assert.doesNotMatch(advice.headline, /\n/);
        assert.ok(advice.lines.length > 0);
      }
    }
  }
});
