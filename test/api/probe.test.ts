import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, it, type TestContext } from "node:test";
import express from "express";
import { fastify } from "fastify";
import { fastLane } from "../../scripts/parts-for-tests.ts";
import { probe, UsageError } from "../../src/api/index.ts";

const server = (keepAliveTimeout?: number): Server => {
  const made = createServer((_, response) => response.end("ok"));
  if (keepAliveTimeout !== undefined) made.keepAliveTimeout = keepAliveTimeout;
  return made;
};

async function listening(t: TestContext, made: Server): Promise<Server> {
  made.listen(0, "127.0.0.1");
  await once(made, "listening");
  t.after(() => {
    made.close();
    made.closeAllConnections();
  });
  return made;
}

describe("probe(server) reads the settings", () => {
  it("of a server that is not listening, within a second, and starts nothing.", async () => {
    const made = server();
    const beganMs = performance.now();
    const { verdict, idleCloseMs, settings, fix, lb, wire } = await probe(made);
    assert.ok(performance.now() - beganMs < 1000);
    assert.deepEqual(
      [verdict, idleCloseMs, fix, wire],
      ["vulnerable", 6000, "server.keepAliveTimeout = 65_000;", null],
    );
    assert.deepEqual([settings.keepAliveTimeoutMs, settings.headersTimeoutMs], [5000, 60_000]);
    assert.deepEqual(lb, { profile: "alb", idleTimeoutMs: 60_000 });
    assert.equal(made.listening, false);
  });

  it("of what Express and Fastify make, and of another LB.", async (t) => {
    const fromExpress = await listening(t, express().listen(0, "127.0.0.1"));
    assert.equal((await probe(fromExpress)).verdict, "vulnerable");
    assert.equal((await probe(fromExpress, { lb: { idleTimeout: "5s" } })).verdict, "safe");
    const app = fastify();
    assert.equal((await probe(app.server)).idleCloseMs, 73_000);
    assert.equal((await probe(app.server)).verdict, "safe");
    assert.equal((await probe(app.server, { lb: { profile: "gcp" } })).verdict, "vulnerable");
  });

  it("and refuses what is no server, with what to give instead.", async () => {
    const wrong: [value: unknown, words: RegExp][] = [
      [express(), /no http\.Server: give what app\.listen\(\) returns/],
      [fastify(), /it has one, give app\.server/],
      [{ getHttpServer() {} }, /a NestJS app's is app\.getHttpServer\(\)/],
      [undefined, /^undefined is no URL and no http\.Server/],
    ];
    for (const [value, words] of wrong) {
      await assert.rejects(
        probe(value as Server),
        (error: Error) => error instanceof UsageError && words.test(error.message),
      );
    }
  });

  it("and refuses an option that is none or has no such value, in one line: exitCode 2.", async () => {
    const wrong: [options: object, message: string][] = [
      [{ lb: { idle: "60s" } }, "lb.idle is not known: did you mean idleTimeout?"],
      [
        { lb: { idleTimeout: "60" } },
        'lb.idleTimeout is "60": expected a duration from 1s to 4000s, with its unit; e.g. "60s"',
      ],
      [{ conections: 20 }, "conections is not known: did you mean connections?"],
    ];
    for (const [options, message] of wrong) await assert.rejects(probe(server(), options), { message, exitCode: 2 });
  });
});

describe("probe asks the wire", { skip: fastLane, concurrency: 4 }, () => {
  const SHORT = { idleTimeout: "3s" };

  it("with { wire: true }: the close comes when the settings say, and the server is as it was before.", async () => {
    const made = server(1000);
    const { verdict, idleCloseMs, wire, reasons } = await probe(made, { wire: true, lb: SHORT });
    assert.deepEqual(
      [verdict, idleCloseMs, wire?.verdict, wire?.probe.connections],
      ["vulnerable", 2000, "vulnerable", 10],
    );
    assert.ok(Math.abs(wire!.probe.idleCloseMs! - 2000) < 400, `${wire!.probe.idleCloseMs} ms`);
    assert.match(
      reasons.at(-1)!,
      /^The settings foretell a close after 2\.00 s .*the wire agrees: after [12]\.\d\d s\.$/,
    );
    assert.equal(made.listening, false);
  });

  it("and says safe of a server that keeps them longer, two at once, without a handler of this process's signals.", async (t) => {
    const made = await listening(t, server(30_000));
    const before = handlers();
    const calls = [
      probe(made, { wire: true, lb: SHORT }),
      probe(`${(made.address() as AddressInfo).port}`, { lb: SHORT }),
    ];
    const during = handlers();
    const [settled, url] = await Promise.all(calls);
    assert.deepEqual([settled!.verdict, url!.verdict], ["safe", "safe"]);
    assert.deepEqual([during, handlers()], [before, before]);
    assert.equal(made.listening, true);
  });

  it("and tells a timeout of single sockets, which no setting shows.", async () => {
    const made = server(30_000);
    made.on("request", (request) => setTimeout(() => request.socket.destroy(), 1500).unref());
    const { verdict, reasons, idleCloseMs } = await probe(made, { wire: true, lb: SHORT });
    assert.deepEqual([verdict, idleCloseMs], ["vulnerable", 31_000]);
    assert.match(reasons.at(-1)!, /says otherwise/);
  });

  it("until its signal is aborted: then it rejects with the signal's reason, and has closed what it opened.", async () => {
    const made = server(30_000);
    const lines: string[] = [];
    const abort = new AbortController();
    const progress = (line: string) => {
      lines.push(line);
      abort.abort(new Error("enough"));
    };
    await assert.rejects(probe(made, { wire: true, signal: abort.signal, progress }), /^Error: enough$/);
    assert.equal(made.listening, false);
    assert.match(lines[0]!, /^target: http:\/\/127\.0\.0\.1:\d+ answers 200 to GET \//);
  });
});

const handlers = () =>
  ["SIGINT", "SIGTERM", "SIGHUP", "uncaughtException", "unhandledRejection"].map((name) => process.listenerCount(name));
