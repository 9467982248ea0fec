// npm test: quiet, since it measures for which share of the time an event loop is blocked
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { fastLane } from "../../scripts/parts-for-tests.ts";
import { get, openRaw } from "./raw-connection.ts";
import { startTarget, type Target } from "./spawn-target.ts";

test("EVENT_LOOP_BUSY=0.5/40 keeps requests waiting for about half of the time.", { skip: fastLane }, async (t) => {
  const target = await startTarget(t, { EVENT_LOOP_BUSY: "0.5/40" });
  const connection = await openRaw(target.port);
  await connection.send(get);
  const startMs = performance.now();
  let blockedMs = 0;
  // One request after the other: each block delays exactly one of them. In 1.2 s there are about 15 blocks, whose
  // share of the time scatters by 0.1; an idle loop answers within 1 ms.
  while (performance.now() - startMs < 1200) {
    const sentMs = performance.now();
    await connection.send(get);
    const tookMs = performance.now() - sentMs;
    if (tookMs > 20) blockedMs += tookMs;
  }
  const share = blockedMs / (performance.now() - startMs);
  assert.ok(share > 0.2 && share < 0.8, `blocked for a share of ${share}`);
});

test("A request that arrives well before the idle close is lost when a block spans the two, and only then.", {
  skip: fastLane,
}, async (t) => {
  const [calm, busy] = await Promise.all([
    fireBeforeIdleClose(await startTarget(t, { KEEP_ALIVE_TIMEOUT_MS: "200" })),
    fireBeforeIdleClose(await startTarget(t, { KEEP_ALIVE_TIMEOUT_MS: "200", EVENT_LOOP_BUSY: "0.5/150" })),
  ]);
  // Blocks of 150 ms take half of the time, so 0.5 x (150 - 60) / 150 = 0.3 of 30 requests are lost, about 9. They
  // come 50 ms apart, over some five blocks: that none of them meets one has a chance below 1 in 10,000.
  assert.ok(calm.sent >= 20 && busy.sent >= 20, `${calm.sent} and ${busy.sent} of 30 sent in time`);
  assert.equal(calm.lost, 0);
  assert.ok(busy.lost >= 1, `${busy.lost} of ${busy.sent} lost`);
});

/** 30 connections, started 50 ms apart, send a second request 60 ms before the target's idle close. */
async function fireBeforeIdleClose({ port, listening }: Target): Promise<{ sent: number; lost: number }> {
  let sent = 0;
  let lost = 0;
  const fire = async (_: unknown, index: number) => {
    await wait(index * 50);
    const connection = await openRaw(port);
    const closesAtMs = (await connection.send(get)).atMs + listening.will.idleCloseMs!;
    await wait(closesAtMs - 60 - performance.now());
    // Where a stall of this process made it late, the loss would be the test's own.
    if (performance.now() > closesAtMs - 40) return;
    sent++;
    if ((await connection.send(get)).text === null) lost++;
  };
  await Promise.all(Array.from({ length: 30 }, fire));
  return { sent, lost };
}
