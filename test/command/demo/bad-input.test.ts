import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import { needs } from "../../needs.ts";
import { endedCleanly, oneLine, portPair } from "../../nothing-left.ts";
import { scratchFolder, script } from "../../parts/scratch.ts";
import { startCommand } from "../../start-command.ts";

const there = await needs("haproxy");

// Every option's bad values: options.test.ts.
const bad: [args: string[], line: RegExp][] = [
  [["--fast"], /^alb502: unknown option '--fast'; npm run demo -- --help lists the options$/],
  [
    ["--lb-idle", "60"],
    /^alb502: --lb-idle is "60" without a unit, expected a duration from 1s to 4000s; e\.g\. --lb-idle 60s$/,
  ],
  [["--fix", "70s"], /^alb502: --fix is "70s", expected 65s or 61s or lb-4s; e\.g\. --fix 65s$/],
  [["--fix", "65s", "--lb-idle", "120s"], /^alb502: --fix 65s does not work with --lb-idle 120s: .*or --fix lb-4s$/],
];

describe("npm run demo with bad input says so in one line, exit 2, and leaves nothing", {
  concurrency: 4,
}, () => {
  for (const [args, line] of bad) {
    it(args.join(" "), async (t) => {
      const ended = await endedCleanly(await startCommand(t, "demo", args));
      assert.equal(ended.code, 2);
      assert.equal(ended.stdout, "");
      assert.match(oneLine(ended), line);
    });
  }

  for (const offset of [0, 1]) {
    it(`--port of which ${offset === 0 ? "it" : "the next one, for the LB after the fix,"} is in use.`, async (t) => {
      const port = await portPair();
      const holder = createServer().listen(port + offset, "127.0.0.1");
      t.after(() => holder.close());
      await once(holder, "listening");
      const ended = await endedCleanly(await startCommand(t, "demo", ["--port", String(port)]));
      assert.equal(ended.code, 2);
      const whose = offset === 0 ? "" : ` \\(after ${port}, for the LB of the fixed target\\)`;
      const line = `^alb502: port ${port + offset}${whose} is in use; choose another with --port`;
      assert.match(oneLine(ended), new RegExp(line));
    });
  }

  it("--out below a file.", async (t) => {
    const file = join(await scratchFolder(t), "file");
    await writeFile(file, "");
    const ended = await endedCleanly(await startCommand(t, "demo", ["--out", join(file, "out")]));
    assert.equal(ended.code, 2);
    assert.match(oneLine(ended), /^alb502: cannot write in ".*file\/out" \((ENOTDIR|EEXIST)\): give --out a folder/);
  });

  there.test("a k6 that is not where ALB502_K6 says.", async (t) => {
    const demo = await startCommand(t, "demo", [], { env: { ALB502_K6: "/nowhere/k6" } });
    const ended = await endedCleanly(demo);
    assert.equal(ended.code, 2);
    assert.match(oneLine(ended), /^alb502: ALB502_K6=\/nowhere\/k6 does not run \(no such file\): .*unset ALB502_K6$/);
  });

  it("a HAProxy that is too old.", async (t) => {
    const old = await script(await scratchFolder(t), "haproxy", "HA-Proxy version 1.8.4 2018/02/08");
    const ended = await endedCleanly(await startCommand(t, "demo", [], { env: { ALB502_HAPROXY: old } }));
    assert.equal(ended.code, 2);
    assert.match(oneLine(ended), /haproxy is haproxy 1\.8\.4 \(expected: 2\.6 or newer\): .*unset ALB502_HAPROXY$/);
  });

  it("a TMPDIR that is not there.", async (t) => {
    const missing = join(await scratchFolder(t), "missing");
    const ended = await endedCleanly(await startCommand(t, "demo", [], { env: { TMPDIR: missing } }));
    assert.equal(ended.code, 2);
    assert.match(oneLine(ended), /^alb502: no folder can be made in .*missing: .*; set TMPDIR to another$/);
  });
});
