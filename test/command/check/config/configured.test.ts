import assert from "node:assert/strict";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { it, type TestContext } from "node:test";
import { resultsSchema } from "../../../../src/record/results.ts";
import { freePorts } from "../../../../src/stage/ports.ts";
import { needs } from "../../../needs.ts";
import { endedCleanly, oneLine } from "../../../nothing-left.ts";
import { scratchFolder } from "../../../parts/scratch.ts";
import { startCommand } from "../../../start-command.ts";

const { describe } = await needs("haproxy", "k6", "toxiproxy");

async function app(t: TestContext, keepAliveTimeout: number): Promise<string> {
  const server = createServer((_, response) => response.end("ok"));
  server.keepAliveTimeout = keepAliveTimeout;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** check of a config file in a folder of its own. */
async function check(t: TestContext, config: object, args: readonly string[] = []) {
  const folder = await scratchFolder(t);
  const file = join(folder, "alb502.config.json");
  await writeFile(file, JSON.stringify(config));
  const out = join(folder, "out");
  const ended = await endedCleanly(await startCommand(t, "check", ["--config", file, "--out", out, ...args]));
  return { ...ended, out };
}

describe("check of a config file", { concurrency: 4 }, () => {
  const lb = { idleTimeout: "4s" };

  it("checks all targets at once, keeps each one's result and an overview, and exits with the worst.", async (t) => {
    const [gone] = await freePorts(1);
    const secret = "Bearer s3cret-of-the-test";
    const targets = [
      { name: "unfixed", url: await app(t, 1000), headers: { Authorization: secret } },
      { name: "fixed", url: await app(t, 30_000) },
      { name: "known", url: await app(t, 500), expect: "lost" },
      { name: "gone", url: `${gone}` },
    ];
    const beganMs = performance.now();
    const { code, stdout, stderr, out } = await check(t, { lb, targets, options: { atOnce: 4 } }, ["--json"]);
    assert.equal(code, 2);
    const results = resultsSchema.parse(JSON.parse(stdout));
    assert.deepEqual(
      results.targets.map(({ name, verdict, exitCode, result }) => [name, verdict, exitCode, result]),
      [
        ["unfixed", "lost", 1, "unfixed/result.json"],
        ["fixed", "clean", 0, "fixed/result.json"],
        ["known", "lost", 0, "known/result.json"],
        ["gone", null, 2, null],
      ],
    );
    // One after the other they take the sum, of which the fixed one alone is 13 s.
    const sumMs = results.targets.reduce((sum, { durationMs }) => sum + durationMs, 0);
    assert.ok(
      results.durationMs < sumMs - 3000,
      `${results.durationMs} of ${sumMs} ms, ${performance.now() - beganMs}`,
    );
    assert.deepEqual((await readdir(out)).sort(), [
      ...[".alb502", "fixed", "gone", "junit.xml", "known", "report.html", "results.json", "summary.md", "unfixed"],
    ]);
    const junit = await readFile(join(out, "junit.xml"), "utf8");
    assert.deepEqual(
      [...junit.matchAll(/<testsuite name="(\w+)"/g)].map(([, name]) => name),
      ["unfixed", "fixed", "known", "gone"],
    );
    const page = await readFile(join(out, "report.html"), "utf8");
    assert.match(page, /<a href="\.\/unfixed\/report\.html">unfixed<\/a>/);
    assert.doesNotMatch(page, /gone\/report\.html/);
    assert.match(stderr, /^unfixed: lost: .* requests sent in that instant were lost\.$/m);
    assert.match(stderr, /^2 of 4 targets are as expected\.$/m);
    const kept = await readFile(join(out, "unfixed/result.json"), "utf8");
    assert.doesNotMatch([stdout, stderr, junit, page, kept].join("\n"), /s3cret/);
  });

  it("checks only what --target names.", async (t) => {
    const targets = [
      { name: "unfixed", url: await app(t, 500) },
      { name: "gone", url: "9" },
    ];
    const { code, stdout, out } = await check(t, { lb, targets }, ["--target", "unfixed"]);
    assert.equal(code, 1);
    assert.match(stdout, /^unfixed +lost +1\.5\d s +4 s +\d+ s +1$/m);
    assert.deepEqual((await readdir(out)).includes("gone"), false);
  });

  it("stops all of them on Ctrl-C: 130, and no report that would pass for a whole one.", async (t) => {
    const targets = [
      { name: "one", url: await app(t, 30_000) },
      { name: "two", url: await app(t, 30_000) },
    ];
    const folder = await scratchFolder(t);
    await writeFile(join(folder, "c.json"), JSON.stringify({ targets }));
    const command = await startCommand(t, "check", ["--config", join(folder, "c.json"), "--out", join(folder, "out")]);
    await command.printed(/^two: LB: /m);
    process.kill(command.pid, "SIGINT");
    const { code } = await endedCleanly(command);
    assert.equal(code, 130);
    assert.deepEqual(
      (await readdir(join(folder, "out"))).filter((name) => /json$|xml$|html$/.test(name)),
      [],
    );
  });

  it("refuses what is wrong in one line: exit code 2, and junit.xml has it too.", async (t) => {
    const target = { name: "api", url: "9" };
    const { code, stderr, out, ...ended } = await check(t, { targets: [target], lb: { idleTimeot: "4s" } });
    assert.equal(code, 2);
    const line =
      "alb502.config.json: lb.idleTimeot is not known: did you mean idleTimeout?; docs/config.md has them all";
    assert.equal(oneLine({ ...ended, code, stderr }), `alb502: ${line}`);
    assert.match(await readFile(join(out, "junit.xml"), "utf8"), /lb\.idleTimeot is not known/);
    const both: [args: string[], words: RegExp][] = [
      [["--lb-idle", "20s"], /--lb-idle is for a URL, and here a config file says it/],
      [["3000"], /a URL was given, and options of a config file's targets/],
      [["--at-once", "0"], /--at-once is "0", expected a whole number from 1 to 8/],
    ];
    const all = await Promise.all(both.map(([args]) => check(t, { targets: [target] }, args)));
    both.forEach(([, words], i) => {
      assert.equal(all[i]!.code, 2);
      assert.match(oneLine(all[i]!), words);
    });
  });
});
