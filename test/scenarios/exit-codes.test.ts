// npm test: quiet, since its requests aim by the clock, at single milliseconds
import assert from "node:assert/strict";
import { edgeLines } from "../../src/evidence/edge-log.ts";
import { freePorts } from "../../src/stage/ports.ts";
import { run, test } from "./k6.ts";
import { FIXED, idleCloseOf, stageFor, UNFIXED } from "./stage.ts";

// One after the other on two stages: runs at the same time would shake each other's aim.

test("aimed alone finds an unfixed target.", async (t) => {
  // Eight of them aim at a window that takes nine requests in ten: all would miss once in a million runs and more.
  const users = 10;
  const stage = await stageFor(t, { name: "unfixed", target: UNFIXED, nodes: users });
  const env = { TARGET_BASE_URL: stage.lbUrl, IDLE_CLOSE_MS: String(idleCloseOf(stage)), USERS: String(users) };
  const lost = { GET: 0, POST: 0 };

  await t.test("EXPECT=lost exits 0, and the LB's 502s are counted.", async () => {
    const { code, stderr, count } = await run("aimed", { ...env, EXPECT: "lost" });
    assert.equal(code, 0, stderr);
    lost.GET = count("lb_502");
    assert.ok(lost.GET > 0);
    assert.ok(count("lb_aimed_in_window") > 0);
    assert.ok(count("lb_502") + count("lb_reused") + count("lb_fresh") <= 2 * users);
  });

  await t.test("EXPECT=clean, the default, exits 99 and names the threshold; a POST is lost like a GET.", async () => {
    const { code, stderr, count } = await run("aimed", { ...env, ROUNDS: "1", METHOD: "POST" });
    assert.equal(code, 99);
    assert.match(stderr, /thresholds on metrics 'lb_502' have been crossed/);
    lost.POST = count("lb_502");
    assert.ok(lost.POST > 0);
  });

  await t.test("k6's counts are the LB's: its log has as many 502s of each method.", async () => {
    await stage.stop();
    const logged = (method: string) =>
      edgeLines(stage.logs.haproxy).filter((line) => line.status === 502 && line.method === method).length;
    assert.deepEqual({ GET: logged("GET"), POST: logged("POST") }, lost);
  });
});

test("A fixed target loses nothing, and a run that could not aim is not clean.", async (t) => {
  const users = 10;
  const stage = await stageFor(t, { name: "fixed", target: FIXED, nodes: 20 });
  const env = { TARGET_BASE_URL: stage.lbUrl, IDLE_CLOSE_MS: "1200", USERS: String(users), ROUNDS: "1" };

  await t.test("EXPECT=clean exits 0: every connection is reused, none is lost.", async () => {
    const { code, stderr, count } = await run("aimed", { ...env, EXPECT: "clean" });
    assert.equal(code, 0, stderr);
    assert.equal(count("lb_502"), 0);
    assert.equal(count("lb_reused"), users);
    assert.ok(count("lb_aimed_in_window") > 0);
  });

  await t.test("EXPECT=lost exits 99.", async () => {
    const { code, stderr } = await run("aimed", { ...env, EXPECT: "lost" });
    assert.equal(code, 99);
    assert.match(stderr, /thresholds on metrics 'lb_502' have been crossed/);
  });

  await t.test("A run that could not aim exits 99, though no request was lost.", async () => {
    // The moment 1 ms after an answer is over before anybody can aim at it.
    const { code, stderr, count } = await run("aimed", { ...env, IDLE_CLOSE_MS: "1", EXPECT: "clean" });
    assert.equal(code, 99);
    assert.match(stderr, /thresholds on metrics 'lb_aimed_in_window' have been crossed/);
    assert.equal(count("lb_502"), 0);
  });

  await t.test("steady exits 0 in front of a target that answers.", async () => {
    const { code, stderr, count } = await run("steady", { TARGET_BASE_URL: stage.lbUrl, DURATION: "2s" });
    assert.equal(code, 0, stderr);
    assert.ok(count("http_reqs") >= 20);
    assert.equal(count("response_5xx") + count("response_timeout"), 0);
  });
});

test("In front of a port where nobody listens, steady and aimed exit 99.", async () => {
  const [port] = await freePorts(1);
  const TARGET_BASE_URL = `http://127.0.0.1:${port}`;
  const steady = await run("steady", { TARGET_BASE_URL, DURATION: "1s" });
  assert.equal(steady.code, 99);
  assert.ok(steady.count("response_timeout") >= 20);
  const aimed = await run("aimed", { TARGET_BASE_URL, IDLE_CLOSE_MS: "100", USERS: "2", ROUNDS: "1" });
  assert.equal(aimed.code, 99);
  assert.equal(aimed.count("lb_502"), 0, "no answer is not the LB's 502");
  assert.equal(aimed.count("lb_failed"), 2, "and not clean either");
});
