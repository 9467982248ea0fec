// npm test: quiet, since it holds closes to 8 ms
import assert from "node:assert/strict";
import { once } from "node:events";
import { startLb, test } from "./chain.ts";
import { lowerQuartile } from "./lower-quartile.ts";
import { type Exchange, startServer } from "./raw-server.ts";
import { connectUser, connectUsers } from "./user.ts";

// Enough that the stalls of a busy machine cannot hit nearly all of them.
const CONNECTIONS = 40;

test("The LB closes an idle connection to the target at its idle timeout, to a few ms, and its log says that it did.", async (t) => {
  const idleMs: Promise<number>[] = [];
  const target = await startServer(t, ({ socket, answer }) => {
    answer();
    const answeredMs = performance.now();
    idleMs.push(once(socket, "end").then(() => performance.now() - answeredMs));
  });
  const lb = await startLb(t, { target: target.address, idleTimeoutMs: 300, nodes: CONNECTIONS });
  const user = await connectUser(t, lb);
  const ups: (string | undefined)[] = [];
  // One by one: HAProxy reads the clock once per turn of its loop, and a burst of forty makes that a long turn.
  for (let node = 1; node <= CONNECTIONS; node++) ups.push((await user.send({ node })).up);

  const closedMs = await Promise.all(idleMs);
  const [firstMs, quarterMs, lastMs] = [Math.min(...closedMs), lowerQuartile(closedMs), Math.max(...closedMs)];
  t.diagnostic(`closed after ${firstMs.toFixed(1)} / ${quarterMs.toFixed(1)} / ${lastMs.toFixed(1)} ms`);
  // HAProxy counts whole ms, so that it closes up to 2 ms after 300. Held up between reading its clock and using it, it
  // closes some ms early; held up before, late.
  assert.ok(quarterMs >= 298 && quarterMs <= 306, `a quarter were closed after ${quarterMs} ms`);
  const early = closedMs.filter((ms) => ms < 290).length;
  // This process, too, may be held up before it reads its clock: not twice in twenty times.
  assert.ok(early <= CONNECTIONS / 20, `${early} closed before 290 ms, the first after ${firstMs} ms`);
  assert.ok(lastMs <= 450, `the last closed after ${lastMs} ms`);

  const { guard } = await lb.stop({ guard: CONNECTIONS });
  assert.deepEqual(new Set(guard.map(({ up }) => up)), new Set(ups));
  for (const { termination } of guard) assert.match(termination, /^[cs]D$/);
});

test("Where the target closes first, the LB's log says that it did.", async (t) => {
  const closeSoon = ({ socket, answer }: Exchange) => {
    answer();
    setTimeout(() => socket.end(), 100);
  };
  const target = await startServer(t, closeSoon);
  const lb = await startLb(t, { target: target.address, idleTimeoutMs: 300, nodes: CONNECTIONS });
  const users = await connectUsers(t, lb, CONNECTIONS);
  await Promise.all(users.map((user, i) => user.send({ node: i + 1 })));

  const { guard } = await lb.stop({ guard: CONNECTIONS });
  assert.deepEqual(
    guard.map(({ termination }) => termination),
    new Array(CONNECTIONS).fill("--"),
  );
});

test("A request starts the LB's idle time anew.", async (t) => {
  const target = await startServer(t, ({ answer }) => answer());
  const lb = await startLb(t, { target: target.address, idleTimeoutMs: 300 });
  const user = await connectUser(t, lb);

  const ups = new Set<string | undefined>();
  // Four times 200 ms: far beyond 300 ms from the connection's start, far below 300 ms from each request.
  for (let i = 0; i < 5; i++) {
    ups.add((await user.send({ node: 1 })).up);
    if (i < 4) await new Promise((resolve) => setTimeout(resolve, 200));
  }
  assert.equal(ups.size, 1);
});
