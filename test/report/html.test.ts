import assert from "node:assert/strict";
import { test } from "node:test";
import { type Result, resultSchema } from "../../src/record/result.ts";
import { commandOf } from "../../src/report/html/command.ts";
import { lossStory } from "../../src/report/html/loss.ts";
import { reportHtml } from "../../src/report/html/report.ts";
import { stepsOf } from "../../src/report/html/sequence.ts";
import { exampleResult } from "./example.ts";
import { assertGolden } from "./golden.ts";
import {
  checkExample,
  cleanExample,
  closeExample,
  EVIL,
  EXAMPLE_LOGS,
  hostile,
  probeExample,
  reportExample,
} from "./report-example.ts";

test("The report of a demo with everything in it.", () => {
  assertGolden(
    "report.html",
    reportHtml(reportExample(), { logs: EXAMPLE_LOGS, k6Dashboards: ["k6/dashboard 1.html"] }),
  );
});

const inconclusive: Result = {
  ...checkExample(),
  verdict: "inconclusive",
  reasons: ["The target died."],
  runs: [],
  advice: null,
  probe: { ...exampleResult().probe, idleCloseMs: null, minMs: null, kind: "unknown" },
};
const up: Result = {
  ...checkExample(),
  command: "up",
  advice: null,
  runs: checkExample().runs.map((run) => ({
    ...run,
    name: "up",
    samples: [],
    window: [],
    inWindow: 0,
    lossRate: null,
  })),
};

for (const [name, result] of [
  ["demo", exampleResult()],
  ["demo aimed at the close", closeExample()],
  ["check that lost requests", checkExample()],
  ["clean check", cleanExample()],
  ["probe", probeExample()],
  ["up", up],
  ["run that proves nothing", inconclusive],
  ["fix that failed", { ...reportExample(), verdict: "fix-failed", advice: null }],
  ["demo that reproduced nothing", { ...reportExample(), verdict: "not-reproduced", advice: null }],
] as [string, Result][]) {
  test(`The report of a ${name} makes sense: verdict, cause, no gap in a sentence, the whole result inside.`, () => {
    const html = reportHtml(result);
    const words = textOf(html);
    assert.doesNotMatch(words, /undefined|NaN|\bnull\b|\[object|Infinity/);
    assert.match(html, /<h1 id="verdict"/);
    assert.match(html, /<h2 id="cause">Why<\/h2>/);
    assert.equal(
      html.includes('id="picture"'),
      result.runs.some(({ samples }) => samples.length > 0),
    );
    assert.deepEqual(dataOf(html), resultSchema.parse(result));
  });
}

test("A newcomer is told who closes when, what is lost, and what to paste.", () => {
  const words = textOf(reportHtml(checkExample()));
  assert.match(words, /Your server loses requests behind this load balancer\./);
  assert.match(
    words,
    /Your server closes an idle connection after 6\.00 s\. The load balancer expects it to stay open for 60 s\./,
  );
  assert.match(words, /server\.keepAliveTimeout = 65000;/);
});

test("The fix that a demo tested is given as such, with what to paste and where it is documented.", () => {
  const html = reportHtml(reportExample());
  assert.match(
    html,
    /<h2 id="fix">The fix, as tested here<\/h2>\n<p>Let the server keep [^<]*: keepAliveTimeout 65 s<\/p>/,
  );
  assert.match(html, /<pre>const server = app\.listen\(port\);\nserver\.keepAliveTimeout = 65000;/);
  assert.match(html, /Documented: <a href="https:\/\/nodejs\.org\//);
  assert.doesNotMatch(reportHtml({ ...reportExample(), verdict: "not-reproduced", advice: null }), /id="fix"/);
});

test("What to paste stands first, and the sentences about it and another way below, folded.", () => {
  const html = reportHtml(checkExample());
  assert.match(
    html,
    /<pre>server\.keepAliveTimeout = 65000;<\/pre><details><summary>More on this, and another way<\/summary>/,
  );
  assert.match(html, /<pre># or lower the LB's idle timeout\naws elbv2 … Value=4<\/pre>/);
});

test("A server that lost requests though it keeps its connections is not told that none can be lost.", () => {
  for (const kind of ["outlives", "announces-close"] as const) {
    const result = checkExample();
    result.probe.kind = kind;
    const words = textOf(reportHtml(result));
    assert.doesNotMatch(words, /never sends a request|No request can be lost/);
    assert.ok(words.includes(result.reasons[0]!), result.reasons[0]);
  }
});

test("The report says from when the picture counts, and what the window was: heard at the door, or foretold.", () => {
  const heard = textOf(reportHtml(closeExample()));
  assert.match(heard, /placed when it came to the server’s door, counted from the close of its own connection\./);
  assert.match(heard, /In window: came to the server’s door at the moment that was aimed at\./);
  assert.doesNotMatch(heard, /half a millisecond|settled before sending/);
  const foretold = textOf(reportHtml(reportExample()));
  assert.match(foretold, /placed at the time for which its connection had been idle\./);
  assert.match(foretold, /In window: sent when the close was expected, settled before sending\./);
});

test("A close that was kept back reaches the LB when the request has come by, and the report says for how long.", () => {
  const result = closeExample();
  const [fin, request] = result.runs[0]!.evidence!.capture!.examples.lost!.slice(-3);
  const [close, reset] = stepsOf(lossStory(result)!).filter(({ from }) => from === "target");
  assert.deepEqual([close!.leavesMs, close!.arrivesMs], [0, request!.atMs - fin!.atMs + 2.31 / 2]);
  assert.ok(reset!.arrivesMs > close!.arrivesMs);
  assert.match(
    textOf(reportHtml(result)),
    /For 2\.5 ms it was kept back at the server’s door, until the request had come by/,
  );
  assert.doesNotMatch(textOf(reportHtml(reportExample())), /kept back/);
});

test("Without a capture the report says why, and tells the loss from the round trip.", () => {
  const words = textOf(reportHtml(checkExample()));
  assert.match(
    words,
    /Packets were not captured: dumpcap is not allowed to capture here; run it as root\. So this is drawn from/,
  );
});

test("A loss that nobody can explain is told, and not folded away.", () => {
  const result = reportExample();
  result.runs[0]!.evidence!.losses[3]!.explanation = null;
  const html = reportHtml(result);
  assert.match(html, /<details open><summary>before: 10 lost, 9 explained, 1 not<\/summary>/);
  assert.match(html, /NOT EXPLAINED/);
});

test("Text from outside stays text, wherever it stands.", () => {
  const result = hostile(reportExample());
  const html = reportHtml(result, {
    logs: { albLines: [EVIL], targetLines: [EVIL] },
    k6Dashboards: ["javascript:alert(1)"],
  });
  assert.doesNotMatch(html.replace(/<script>[\s\S]*?<\/script>/, ""), /<(script|img|b)[\s>](?! ?type)/);
  assert.equal(html.match(/<\/script>/g)!.length, 2);
  assert.match(html, /href="\.\/javascript%3Aalert\(1\)"/);
  assert.match(html, /href="#fix"/);
  assert.deepEqual(dataOf(html), resultSchema.parse(result));
});

test("Where the command leaves out a header's value or a body, the report says so, and only there.", () => {
  const says = (result: Result) => /Header values and bodies are not kept/.test(reportHtml(result));
  assert.deepEqual([says(checkExample()), says(reportExample())], [true, false]);
  assert.equal(says({ ...reportExample(), settings: { url: "http://a.example", path: "/…", header: [] } }), false);
});

test("The command to see it again is the one that was typed, its secrets left out.", () => {
  assert.equal(
    commandOf(reportExample()),
    "npm run demo -- --fix 65s --lb-idle 60s --rtt 2ms --nodes 20 --rounds 2 --method GET",
  );
  assert.equal(
    commandOf(checkExample()),
    "npm run check -- http://localhost:3000/api --header 'Authorization: …' --body '…' --ok-status 2xx",
  );
  const settings = { url: "http://a.example", path: "/it's; rm -rf", through: "https://b.example", thorough: true };
  assert.equal(
    commandOf({ command: "check", settings }),
    "npm run check -- 'http://a.example/it'\\''s; rm -rf' --through https://b.example --thorough --yes",
  );
  const started = { url: "http://a.example", start: true, "reuse-existing-server": true };
  assert.equal(
    commandOf({ command: "check", settings: started }),
    "npm run check -- http://a.example --start '…' --reuse-existing-server",
  );
});

/** The page without its data, script, style and tags. */
const textOf = (html: string): string =>
  html
    .replace(/<(script|style)[\s\S]*?<\/\1>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");

const dataOf = (html: string): unknown =>
  JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html)![1]!);
