import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { EnvironmentError } from "../../src/run/exit.ts";
import { startProcess } from "../../src/run/process.ts";
import { freePorts } from "../../src/stage/ports.ts";
import { answersOk, waitUntilReady } from "../../src/stage/wait-until-ready.ts";
import { parts, shortFolder, startLb, test } from "./chain.ts";
import { answerAll, startServer } from "./raw-server.ts";
import { connectUser } from "./user.ts";

const CONFIG = join(import.meta.dirname, "../../simulator/haproxy.cfg");

test("The health port answers, and neither the target nor the edge's log sees anything of it.", async (t) => {
  const target = await startServer(t, answerAll);
  const { haproxy } = parts;
  const [edge, health, guard] = (await freePorts(3)) as [number, number, number];
  const log: string[] = [];
  const running = await startProcess({
    name: "HAProxy",
    command: haproxy.path,
    args: ["-db", "-f", CONFIG],
    env: {
      EDGE_ADDRESS: `127.0.0.1:${edge}`,
      HEALTH_ADDRESS: `127.0.0.1:${health}`,
      GUARD_ADDRESS: `127.0.0.1:${guard}`,
      POOL_SOCKET: join(await shortFolder(t), "pool.sock"),
      NETWORK_ADDRESS: target.address,
    },
    onLine: (line) => void log.push(line),
  });
  t.after(() => running.stop());
  await waitUntilReady(running, () => answersOk(`http://127.0.0.1:${health}/`), { signal: t.signal });

  for (let i = 0; i < 5; i++) assert.ok(await answersOk(`http://127.0.0.1:${health}/`));
  await running.stop();
  assert.equal(target.connections.length, 0);
  assert.deepEqual(
    log.filter((line) => line.includes('"log"')),
    [],
  );
});

test("A second LB on the same port refuses to start, rather than take half of the requests.", async (t) => {
  const target = await startServer(t, answerAll);
  const lb = await startLb(t, { target: target.address });

  await assert.rejects(startLb(t, { target: target.address, port: lb.port }), (error) => {
    assert.ok(error instanceof EnvironmentError);
    assert.match(error.message, new RegExp(`^HAProxy ended before it was ready: .*127\\.0\\.0\\.1:${lb.port}`));
    assert.doesNotMatch(error.message, /\n/);
    return true;
  });
  // All the requests that follow reach the first one.
  for (let i = 0; i < 10; i++) assert.equal((await (await connectUser(t, lb)).send()).status, 200);
});

const combinations: Record<string, Record<string, string>> = {
  "its defaults": {},
  "an ALB's longest idle timeout": { LB_IDLE_MS: "4000000" },
  "one LB node": { LB_IDLE_MS: "300", LB_NODES: "1" },
  "many LB nodes": { LB_IDLE_MS: "400", LB_NODES: "500" },
  "http-reuse safe": { LB_REUSE: "safe" },
  "the addresses of a container": {
    EDGE_ADDRESS: ":8080",
    HEALTH_ADDRESS: ":8404",
    NETWORK_ADDRESS: "127.0.0.1:18098",
    POOL_SOCKET: "/run/haproxy/pool.sock",
  },
};

for (const [name, environment] of Object.entries(combinations)) {
  test(`HAProxy accepts the shipped configuration with ${name}.`, async () => {
    const { haproxy } = parts;
    // Nothing but `environment`: what this machine has set must not help.
    const checked = promisify(execFile)(haproxy.path, ["-c", "-f", CONFIG], { env: environment });
    await assert.doesNotReject(checked);
  });
}
