// npm test: early, since its probes wait for closes
import assert from "node:assert/strict";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { fastLane } from "../../../scripts/parts-for-tests.ts";
import { type Result, resultSchema } from "../../../src/record/result.ts";
import { freePorts } from "../../../src/stage/ports.ts";
import { endedCleanly, oneLine } from "../../nothing-left.ts";
import { scratchFolder } from "../../parts/scratch.ts";
import { answerThenEnd, OK, rawServer } from "../../probe/raw-server.ts";
import { startCommand } from "../../start-command.ts";

const startProbe = (t: TestContext, args: readonly string[]) => startCommand(t, "probe", args);

/** The command with --out and --json: its result, which both have to hold, and all that it wrote. */
async function probe(t: TestContext, url: URL | string, args: readonly string[]) {
  const out = join(await scratchFolder(t), "out");
  const ended = await endedCleanly(await startProbe(t, [`${url}`, ...args, "--out", out, "--json"]));
  const { code, stdout, stderr } = ended;
  const kept = await readFile(join(out, "result.json"), "utf8").catch(() => assert.fail(stdout + stderr));
  assert.equal(stdout, kept);
  assert.deepEqual((await readdir(out)).sort(), [
    ".alb502",
    "badge.json",
    "junit.xml",
    "report.html",
    "result.json",
    "summary.md",
  ]);
  const files = await Promise.all(["junit.xml", "summary.md"].map((name) => readFile(join(out, name), "utf8")));
  const result: Result = resultSchema.parse(JSON.parse(kept));
  assert.equal(result.command, "probe");
  return { code, result, stderr, everything: [stdout, stderr, ...files].join("\n") };
}

const answer = (socket: Socket, headers = "") => void socket.write(`${OK}${headers}\r\nok`);

describe("npm run probe tells what an LB would meet", { skip: fastLane, concurrency: 3 }, () => {
  it("a close before the LB's: vulnerable, exit 1, with the sentence and what to do.", async (t) => {
    const url = await rawServer(t, (socket) => answerThenEnd(socket, 1000, "Keep-Alive: timeout=1\r\n"));
    const { code, result, stderr } = await probe(t, url, ["--lb-idle", "3s"]);
    assert.deepEqual([code, result.verdict, result.probe.kind], [1, "vulnerable", "vulnerable"]);
    const { idleCloseMs, connections, claimedMs } = result.probe;
    // The server shares this busy process's loop: its timer may be late, and never early.
    assert.ok(idleCloseMs! > 990 && idleCloseMs! < 1300, `${idleCloseMs} ms`);
    assert.deepEqual([connections, claimedMs, result.probe.requestLimit], [10, 1000, null]);
    assert.match(
      stderr,
      /^VULNERABLE\. The target closes idle connections after 1\.\d\d s \(its Keep-Alive header says 1 s\); an AWS Application Load Balancer keeps them 3 s: it can lose requests \(vulnerable by (2|1\.\d) s\)\.$/m,
    );
    assert.ok(result.advice && stderr.includes(`\n${result.advice.headline}\n`), stderr);
    assert.deepEqual([result.runs, result.comparison, result.lb.profile], [[], null, "alb"]);
  });

  it("no close before the LB's: safe, exit 0, as soon as the LB's timeout and some seconds have passed.", async (t) => {
    const url = await rawServer(t, (socket) => answer(socket));
    const { code, result, stderr } = await probe(t, url, ["--lb-idle", "1s"]);
    assert.deepEqual([code, result.verdict, result.probe.kind], [0, "safe", "outlives"]);
    assert.equal(result.probe.idleCloseMs, null);
    assert.equal(result.probe.neverUsed?.idleCloseMs, null);
    assert.ok(result.probe.neverUsed.watchedMs > 5900);
    assert.match(stderr, /^SAFE\. The target keeps idle connections longer than (?:[6-9]|1\d)\.\d\d s; /m);
    assert.ok(result.durationMs > 5900 && result.durationMs < 20_000, `${result.durationMs} ms`);
  });

  it("a close after the LB's, with a longer --max-wait: safe, and measured.", async (t) => {
    const url = await rawServer(t, (socket) => answerThenEnd(socket, 2500));
    const { code, result } = await probe(t, url, ["--lb-idle", "1s", "--max-wait", "10s"]);
    assert.deepEqual([code, result.probe.kind], [0, "outlives"]);
    assert.ok(result.probe.idleCloseMs! > 2490, `${result.probe.idleCloseMs} ms`);
  });

  it("a wait that ends before either: inconclusive, exit 3.", async (t) => {
    const url = await rawServer(t, (socket) => answer(socket));
    const { code, result, stderr } = await probe(t, url, ["--max-wait", "1s"]);
    assert.deepEqual([code, result.verdict, result.probe.kind], [3, "inconclusive", "unknown"]);
    assert.match(stderr, /^Inconclusive\. The wait ended after [12]\.\d\d s .*--max-wait\.$/m);
  });

  it("a close in the LB's own moment: a tie, exit 1.", async (t) => {
    const url = await rawServer(t, (socket) => answerThenEnd(socket, 1000));
    const { code, result } = await probe(t, url, ["--lb-idle", "1s"]);
    assert.deepEqual([code, result.verdict, result.probe.kind], [1, "vulnerable", "tie"]);
  });

  it("an announced close, by header or by HTTP/1.0: safe, exit 0, without a wait.", async (t) => {
    const closing = await rawServer(t, (socket) => answerThenEnd(socket, 0, "Connection: close\r\n"));
    const old = await rawServer(t, (socket) => socket.end("HTTP/1.0 200 OK\r\nServer: Old/1\r\n\r\nok"));
    for (const [url, by] of [
      [closing, "Connection: close"],
      [old, "HTTP/1.0 without keep-alive"],
    ] as const) {
      const { code, result, stderr } = await probe(t, url, []);
      assert.deepEqual([code, result.verdict, result.probe.kind], [0, "safe", "announces-close"]);
      assert.deepEqual([result.probe.neverUsed, result.advice], [null, null]);
      assert.match(stderr, new RegExp(`^SAFE\\. .* announces that it closes each connection \\(${by}\\)`, "m"));
    }
  });

  it("a close right after the answer, unannounced: exit 1.", async (t) => {
    const url = await rawServer(t, (socket) => answerThenEnd(socket, 0));
    const { code, result } = await probe(t, url, []);
    assert.deepEqual([code, result.verdict, result.probe.kind], [1, "vulnerable", "closes-at-once"]);
    assert.ok(result.advice);
  });

  it("https with a self-signed certificate, and says so once.", async (t) => {
    const url = await rawServer(t, (socket) => answerThenEnd(socket, 1000), { tls: true });
    const { code, result, stderr } = await probe(t, url, ["--lb-idle", "3s"]);
    assert.deepEqual([code, result.probe.kind], [1, "vulnerable"]);
    assert.equal(stderr.match(/certificate not verified, as an ALB does not/g)?.length, 1);
  });

  it("a limit on requests: told when it is announced, exit 1 when it is not.", async (t) => {
    for (const [header, code] of [
      ["Connection: close\r\n", 0],
      ["", 1],
    ] as const) {
      const requests = new Map<number, number>();
      const url = await rawServer(t, (socket, connection) => {
        const request = (requests.get(connection) ?? 0) + 1;
        requests.set(connection, request);
        answer(socket, request === 20 ? header : "");
        if (request === 20) socket.end();
      });
      const seen = await probe(t, url, ["--lb-idle", "1s"]);
      assert.equal(seen.code, code);
      assert.deepEqual(seen.result.probe.requestLimit, { requests: 20, announced: code === 0 });
      assert.deepEqual(seen.result.verdict, code === 0 ? "safe" : "vulnerable");
      assert.match(
        seen.stderr,
        code === 0 ? /^- It ends each .* 20 requests and announces it/m : /after 20 requests and does not/,
      );
    }
  });

  it("connections that Node closes with a 408, since nothing was ever sent on them.", async (t) => {
    const server = createServer(
      { headersTimeout: 1000, requestTimeout: 1000, connectionsCheckingInterval: 50, keepAliveTimeout: 60_000 },
      (_request, response) => response.end("ok"),
    );
    t.after(() => server.close().closeAllConnections());
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const { code, result, stderr } = await probe(t, `127.0.0.1:${port}`, ["--lb-idle", "2s"]);
    assert.deepEqual([code, result.probe.kind], [0, "outlives"]);
    const { idleCloseMs, status } = result.probe.neverUsed!;
    assert.equal(status, 408);
    assert.ok(idleCloseMs! > 900 && idleCloseMs! < 2000, `${idleCloseMs} ms`);
    assert.match(stderr, /^- It closes never-used connections with a 408 after /m);
  });

  it("a target that dies while it is watched: inconclusive, exit 3, though its closes look like those of a timeout.", async (t) => {
    const sockets = new Set<Socket>();
    const server = createServer((_request, response) => response.end("ok"));
    server.on("connection", (socket) => sockets.add(socket));
    t.after(() => server.close());
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const probing = probe(t, `127.0.0.1:${port}`, ["--lb-idle", "20s"]);
    // The first contact's, the one of the limit's search, and ten more.
    while (sockets.size < 12) await once(server, "connection");
    setTimeout(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    }, 500);
    const { code, result } = await probing;
    assert.deepEqual(
      [code, result.verdict, result.probe.kind, result.probe.verdict],
      [3, "inconclusive", "unknown", "unknown"],
    );
    assert.match(result.reasons[0]!, /answered at first and no longer does/);
    assert.equal(result.advice, null);
  });

  it("without a trace of header values, body and query.", async (t) => {
    let seen = "";
    const url = await rawServer(t, (socket, _connection, request) => {
      seen += request;
      answerThenEnd(socket, 0, "Connection: close\r\n");
    });
    url.search = "?token=s3cret1";
    const secrets = ["--header", "Authorization: Bearer s3cret2", "--header", "X-Tag: s3cret3", "--body", "s3cret4"];
    const { code, result, everything } = await probe(t, url, [...secrets, "--method", "PUT"]);
    assert.equal(code, 0);
    for (const secret of ["token=s3cret1", "s3cret2", "s3cret3", "s3cret4"]) assert.ok(seen.includes(secret), secret);
    assert.doesNotMatch(everything, /s3cret/);
    assert.deepEqual(result.settings.header, ["Authorization", "X-Tag"]);
  });
});

describe("npm run probe refuses in one line, exit 2, what is no HTTP server", { concurrency: 3 }, () => {
  const refused = async (t: TestContext, url: string) => {
    const out = join(await scratchFolder(t), "out");
    const ended = await endedCleanly(await startProbe(t, [url, "--out", out]));
    assert.equal(ended.code, 2);
    assert.equal(ended.stdout, "");
    assert.deepEqual((await readdir(out)).sort(), [".alb502", "junit.xml", "summary.md"], "no result, but why");
    assert.doesNotMatch(ended.stderr, /s3cret/);
    return oneLine(ended);
  };

  it("a port where nothing listens.", async (t) => {
    const [port] = await freePorts(1);
    assert.equal(
      await refused(t, `localhost:${port}/?key=s3cret`),
      `alb502: nothing listens at localhost:${port} (ECONNREFUSED): start your app, or give the port it listens on; --start CMD starts it too`,
    );
  });

  it("a port that speaks something else.", async (t) => {
    const { host } = await rawServer(t, (socket) => socket.write("SSH-2.0-OpenSSH_9.2\r\n"));
    assert.match(await refused(t, host), /speaks no HTTP\/1\.x: give the port of your app's HTTP server$/);
  });

  it("https to a plain port.", async (t) => {
    const { host } = await rawServer(t, (socket) =>
      socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"),
    );
    assert.match(await refused(t, `https://${host}`), /speaks no TLS, which https:\/\/ expects: give http:/);
  });
});

describe("npm run probe that is interrupted ends with 130 and leaves nothing", () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`by ${signal} while connections are idle.`, async (t) => {
      const url = await rawServer(t, (socket) => answer(socket));
      const out = join(await scratchFolder(t), "out");
      const run = await startProbe(t, [`${url}`, "--out", out]);
      await run.printed(/^10 connections are idle: /m);
      const sentMs = performance.now();
      process.kill(run.pid, signal);
      const { code, stderr, atMs } = await endedCleanly(run);
      assert.equal(code, 130);
      assert.equal(stderr, "");
      assert.ok(atMs - sentMs < 3000, `${atMs - sentMs} ms`);
      assert.deepEqual(await readdir(out), [], "no result");
    });
  }
});
