import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bufferMs, foretell } from "../../src/api/foretell.ts";
import { judgeSettings } from "../../src/api/judge-settings.ts";
import type { ServerSettings } from "../../src/api/server-settings.ts";

const node = (nodeVersion: string, set: Partial<ServerSettings> = {}): ServerSettings => ({
  keepAliveTimeoutMs: 5000,
  keepAliveTimeoutBufferMs: null,
  headersTimeoutMs: 60_000,
  requestTimeoutMs: 300_000,
  timeoutMs: 0,
  maxRequestsPerSocket: 0,
  connectionsCheckingIntervalMs: 30_000,
  timeoutListeners: 0,
  nodeVersion,
  ...set,
});

const idleCloseMs = (settings: ServerSettings) => foretell(settings).idleCloseMs;
const ALB = { title: "AWS Application Load Balancer", idleTimeoutMs: 60_000, rttMs: 2 };
const judged = (settings: ServerSettings) => judgeSettings(settings, foretell(settings), ALB);

describe("The idle close that settings foretell", () => {
  it("has the second that Node adds from 20.18, 22.9 and 24.0 on, as its binaries were measured.", () => {
    const measuredMs = {
      ...{ "20.0.0": 5000, "20.17.0": 5000, "20.18.0": 6000, "20.20.2": 6000, "21.7.3": 5000 },
      ...{ "22.0.0": 5000, "22.8.0": 5000, "22.9.0": 6000, "23.0.0": 6000, "24.0.0": 6000 },
    };
    for (const [version, ms] of Object.entries(measuredMs)) assert.equal(idleCloseMs(node(version)), ms, version);
  });

  it("has keepAliveTimeoutBuffer in place of that second where Node knows it, and ignores it where Node does.", () => {
    for (const version of ["22.19.0", "24.6.0", "25.0.0", "26.10.0"]) {
      assert.equal(bufferMs(node(version, { keepAliveTimeoutBufferMs: 0 })), 0, version);
      assert.equal(bufferMs(node(version, { keepAliveTimeoutBufferMs: 2500 })), 2500, version);
    }
    // As 22.23.3, 24.21.0 and 26.10.0 do: what is no number from 0 is no buffer without an end.
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, -500, "0" as unknown as number]) {
      const settings = node("24.21.0", { keepAliveTimeoutBufferMs: bad });
      assert.deepEqual([idleCloseMs(settings), judged(settings).verdict], [6000, "vulnerable"], `${bad}`);
    }
    for (const version of ["20.20.2", "22.18.0", "24.5.0"]) {
      const settings = node(version, { keepAliveTimeoutBufferMs: 0 });
      assert.equal(bufferMs(settings), 1000, version);
      assert.match(
        judged(settings).reasons.join(" "),
        /keepAliveTimeoutBuffer is set to 0, and Node .* does not know it/,
      );
    }
  });

  it("is never where keepAliveTimeout is 0, unless server.timeout ends any socket.", () => {
    assert.equal(idleCloseMs(node("20.20.2", { keepAliveTimeoutMs: 0 })), null);
    assert.equal(judged(node("20.20.2", { keepAliveTimeoutMs: 0 })).verdict, "safe");
    assert.equal(idleCloseMs(node("20.20.2", { keepAliveTimeoutMs: 0, timeoutMs: 1500 })), 1500);
    // While a connection is idle between requests, keepAliveTimeout stands in its place.
    assert.equal(idleCloseMs(node("20.20.2", { timeoutMs: 500 })), 6000);
  });

  it("cannot be told of a text, NaN, a negative number or Infinity, nor where a listener decides: inconclusive.", () => {
    const doubtful = [
      ...["65000", -5, Number.NaN, Number.POSITIVE_INFINITY].map((ms) => ({ keepAliveTimeoutMs: ms as number })),
      { timeoutListeners: 1 },
    ];
    for (const set of doubtful) {
      assert.equal(judged(node("20.20.2", set)).verdict, "inconclusive", JSON.stringify(set));
    }
    assert.match(judged(node("20.20.2", doubtful[0])).reasons[0]!, /^keepAliveTimeout is "65000", a text, /);
    assert.notEqual(foretell(node("20.20.2"), { ...process.versions, bun: "1.4.5" }).doubt, null);
  });
});

describe("Settings are judged", () => {
  it("as a probe's closes are: vulnerable, a tie, safe.", () => {
    const verdicts = [5000, 58_000, 59_300, 59_600, 65_000].map((keepAliveTimeoutMs) => [
      keepAliveTimeoutMs,
      judged(node("20.20.2", { keepAliveTimeoutMs })).verdict,
    ]);
    assert.deepEqual(verdicts, [
      [5000, "vulnerable"],
      [58_000, "vulnerable"],
      [59_300, "vulnerable"],
      [59_600, "safe"],
      [65_000, "safe"],
    ]);
    assert.match(judged(node("20.20.2", { keepAliveTimeoutMs: 59_300 })).reasons[0]!, /too near to each other/);
  });

  it("with a line to paste that outlives that LB.", () => {
    assert.equal(judged(node("20.20.2")).fix, "server.keepAliveTimeout = 65_000;");
    const gcp = { ...ALB, idleTimeoutMs: 600_000 };
    const settings = node("20.20.2", { keepAliveTimeoutMs: 65_000 });
    assert.equal(judgeSettings(settings, foretell(settings), gcp).fix, "server.keepAliveTimeout = 620_000;");
    assert.equal(judged(node("20.20.2", { keepAliveTimeoutMs: 65_000 })).fix, null);
  });

  it("with a word on seconds that were given for milliseconds.", () => {
    const { verdict, reasons } = judged(node("20.20.2", { keepAliveTimeoutMs: 65 }));
    assert.equal(verdict, "vulnerable");
    assert.match(reasons.join(" "), /takes milliseconds: 65 is 65 ms, not 65 s/);
  });
});
