import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { it, type TestContext } from "node:test";
import { freePorts } from "../../src/stage/ports.ts";
import { needs } from "../needs.ts";
import { endedCleanly, oneLine } from "../nothing-left.ts";
import { scratchFolder } from "../parts/scratch.ts";
import { startCommand } from "../start-command.ts";
import { startApp } from "./check/target.ts";

const { describe } = await needs("haproxy", "k6", "toxiproxy");

describe("The folder of --out", () => {
  for (const [name, commands] of [
    ["alb-access-log/2026/real.log.gz", ["check", "demo", "up"]],
    ["check-haproxy.log", ["check"]],
    ["junit.xml", ["check", "probe", "demo", "up"]],
    ["summary.md", ["diagnose"]],
    ["doctor.json", ["doctor"]],
    ["install.json", ["install"]],
  ] as const) {
    for (const command of commands) {
      it(`keeps somebody's own ${name}: ${command} refuses in one line, at once.`, async (t) => {
        const out = await scratchFolder(t);
        await mkdir(join(out, name, ".."), { recursive: true });
        await writeFile(join(out, name), "theirs");
        const ended = await run(t, command, [...(await argumentsOf(command)), "--out", out]);
        assert.equal(ended.code, 2);
        assert.match(oneLine(ended), /^alb502: alb502 has not written ".*" and does not replace it: move it away/);
        assert.deepEqual(
          [await readdir(out), await readFile(join(out, name), "utf8")],
          [[name.split("/")[0]], "theirs"],
        );
      });
    }
  }

  it("keeps an earlier result where a run cannot begin, and gets the next one in its place.", async (t) => {
    const out = join(await scratchFolder(t), "out");
    const { url } = await startApp(t, 1000);
    const log = join(out, "../access.log");
    await writeFile(log, "");
    assert.equal((await run(t, "check", [url, "--out", out])).code, 1);
    const before = await readdir(out, { recursive: true });
    const [port] = await freePorts(1);
    assert.equal((await run(t, "check", [`${port}`, "--out", out])).code, 2);
    assert.equal((await run(t, "probe", [`${port}`, "--out", out])).code, 2);
    assert.equal((await run(t, "diagnose", [`${log}.not-there`, "--out", out])).code, 2);
    assert.deepEqual(await readdir(out, { recursive: true }), before);
    assert.equal((await run(t, "diagnose", [log, "--out", out])).code, 3);
    assert.deepEqual((await readdir(out)).sort(), [".alb502", "diagnosis.json", "report.html", "summary.md"]);
  });

  it("has no earlier result after a run that was interrupted.", async (t) => {
    const out = join(await scratchFolder(t), "out");
    const quick = await startApp(t, 1000);
    assert.equal((await run(t, "probe", [quick.url, "--out", out])).code, 1);
    const slow = await startApp(t, 65_000);
    const running = await startCommand(t, "probe", [slow.url, "--out", out]);
    await running.printed(/are idle: until/);
    process.kill(running.pid, "SIGINT");
    assert.equal((await endedCleanly(running)).code, 130);
    assert.deepEqual(await readdir(out), []);
  });
});

const run = async (t: TestContext, command: string, args: readonly string[]) =>
  // In CI an earlier result would pass for this run's, and does not stay.
  endedCleanly(await startCommand(t, command, args, { env: { CI: "" } }));

/** Where nothing answers: an error about --out comes first. */
async function argumentsOf(command: string): Promise<string[]> {
  const [port] = await freePorts(1);
  if (["doctor", "install", "demo"].includes(command)) return [];
  return [command === "diagnose" ? "no-such.log" : `${port}`];
}
