import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { fastLane } from "../../../scripts/parts-for-tests.ts";
import { resultSchema } from "../../../src/record/result.ts";
import { freePorts } from "../../../src/stage/ports.ts";
import { endedCleanly, oneLine } from "../../nothing-left.ts";
import { scratchFolder } from "../../parts/scratch.ts";
import { doctor, kill } from "../../run/kill.ts";
import { startCommand } from "../../start-command.ts";

const APP = join(import.meta.dirname, "start-app.mjs");

/** `probe`, which needs no part, with an app that it starts behind `sh -c`; what the app noted of its signals. */
async function startProbe(t: TestContext, args: readonly string[], env: Record<string, string> = {}, shell = true) {
  const folder = await scratchFolder(t);
  const [signals, out] = [join(folder, "signals"), join(folder, "out")];
  const [port] = await freePorts(1);
  const variables = Object.entries({ PORT: `${port}`, SIGNALS: signals, ...env });
  const starts = shell
    ? ["--start", `${variables.map(([name, value]) => `${name}=${value}`).join(" ")} node ${APP}; true`]
    : variables.flatMap(([name, value]) => ["--start-env", `${name}=${value}`]);
  const command = shell ? [] : ["--", process.execPath, APP];
  const own = ["--lb-idle", "3s", "--out", out, ...starts, ...args, ...command];
  const running = await startCommand(t, "probe", [`${port}`, ...own]);
  const noted = () => readFile(signals, "utf8").catch(() => "");
  return { port: port!, out, running, noted };
}

describe("With --start the app", { skip: fastLane, concurrency: 4 }, () => {
  it("is started, waited for, probed and stopped by SIGTERM with all that its shell started; its output is kept.", async (t) => {
    const { out, running, noted, port } = await startProbe(t, ["--json", "--header", "X-Secret: hunter2hunter2"]);
    const { code, stdout, stderr } = await endedCleanly(running);
    const { verdict, settings } = resultSchema.parse(JSON.parse(stdout || assert.fail(stderr)));
    assert.deepEqual([code, verdict, settings.start], [1, "vulnerable", true], stderr);
    assert.match(stderr, new RegExp(`^the app: started by --start's command, at localhost:${port}\nit answers after `));
    assert.match(await noted(), /^pid \d+\nSIGTERM\n$/);
    const log = await readFile(join(out, "app.log"), "utf8");
    assert.match(log, /^listening on port \d+\nGET \/ {2}\n/);
    assert.match(log, /^GET \/ \.\.\. $/m);
    assert.doesNotMatch(log + stdout + stderr, /hunter2/);
    assert.doesNotMatch(stdout, /start-app/, "the command itself");
  });

  it("may be a program and its arguments after --, on [::1] alone, with variables from a file.", async (t) => {
    const file = join(await scratchFolder(t), "env");
    await writeFile(file, "TOKEN=t0ken-t0ken\n");
    const { out, running } = await startProbe(t, ["--start-env", `@${file}`], { HOST: "::1" }, false);
    const { code, stdout } = await endedCleanly(running);
    assert.equal(code, 1, stdout);
    assert.match(await readFile(join(out, "app.log"), "utf8"), /^GET \/ {2}\.\.\.$/m);
  });

  it("that crashes before it answers is one line with its exit code and what it said: exit 2.", async (t) => {
    const { running, out } = await startProbe(t, [], { WHAT: "throws" }, false);
    const ended = await endedCleanly(running);
    assert.equal(ended.code, 2);
    assert.match(oneLine(ended), /ended before localhost:\d+ answered \(exit code 1\): Error: no database here$/);
    assert.ok(!ended.stdout.includes("\x1b"));
    assert.match(ended.stdout, /^the app's last lines:\n(?: {2}\| .*\n)+/m);
    assert.doesNotMatch(ended.stdout, /^ *::error/m);
    assert.match(await readFile(join(out, "app.log"), "utf8"), /no database/);
  });

  it("that listens elsewhere is one line that names the port: exit 2.", async (t) => {
    const [other] = await freePorts(1);
    const { running } = await startProbe(t, ["--start-timeout", "2s"], { PORT: `${other}` }, false);
    const ended = await endedCleanly(running);
    assert.equal(ended.code, 2);
    assert.match(
      oneLine(ended),
      new RegExp(`nothing listens at localhost:\\d+ 2 s after .*: it listens at port ${other}: `),
    );
  });

  it("that ends by itself meanwhile leaves no verdict: exit 3, with its last lines.", async (t) => {
    const { running, out } = await startProbe(t, ["--path", "/dies", "--json"], { KEEP_MS: "60000" }, false);
    const ended = await endedCleanly(running);
    assert.equal(ended.code, 3);
    const { verdict, reasons } = resultSchema.parse(JSON.parse(ended.stdout));
    assert.equal(verdict, "inconclusive");
    assert.match(reasons[0]!, /^The app that --start started ended \(exit code 9\): GET \/dies/);
    assert.match(await readFile(join(out, "app.log"), "utf8"), /^GET \/dies/m);
  });

  it("that does not heed SIGTERM is killed after --stop-timeout.", async (t) => {
    const { running, noted } = await startProbe(t, ["--stop-timeout", "300ms"], { WHAT: "stays" });
    assert.equal((await endedCleanly(running)).code, 1);
    assert.match(await noted(), /^pid \d+\nSIGTERM\n$/);
  });

  it("is stopped after Ctrl-C, by the signal that was named: exit 130.", async (t) => {
    const { running, noted } = await startProbe(t, ["--stop-signal", "SIGHUP"], { KEEP_MS: "60000" });
    await running.printed(/connections are idle/);
    process.kill(running.pid, "SIGINT");
    assert.equal((await endedCleanly(running)).code, 130);
    assert.match(await noted(), /^pid \d+\nSIGHUP\n$/);
  });

  it("ends with a run that is killed (kill -9), and doctor removes what that left.", async (t) => {
    const { running } = await startProbe(t, [], { KEEP_MS: "60000" });
    await running.printed(/connections are idle/);
    assert.ok((await running.living()).some(({ command }) => /^\S*node \S*start-app\.mjs/.test(command)));
    await kill(running);
    assert.equal(await doctor(t, running.tmp), "removed what a killed run had left: 1 folder");
  });

  it("is not started where something listens already: one line, exit 2; --reuse-existing-server uses that and lets it be.", async (t) => {
    const server = createServer((_, response) => response.end("ok\n"));
    server.keepAliveTimeout = 1000;
    t.after(() => server.close());
    await once(server.listen(0, "127.0.0.1"), "listening");
    const url = `localhost:${(server.address() as AddressInfo).port}`;
    const start = ["--start", "touch never"];
    const refused = await endedCleanly(await startCommand(t, "probe", [url, ...start]));
    assert.equal(refused.code, 2);
    assert.match(oneLine(refused), new RegExp(`something listens at ${url} already, .* --reuse-existing-server`));
    const args = [url, "--lb-idle", "3s", "--reuse-existing-server", ...start];
    const { code, stdout } = await endedCleanly(await startCommand(t, "probe", args));
    assert.equal(code, 1);
    assert.match(stdout, new RegExp(`^the app: what listens at ${url} already`));
    assert.ok(server.listening);
  });
});
