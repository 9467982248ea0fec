import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../target-app/settings.ts";
import { runTarget, startTarget } from "./spawn-target.ts";

const names = [
  "PORT",
  "HOST",
  "KEEP_ALIVE_TIMEOUT_MS",
  "KEEP_ALIVE_TIMEOUT_BUFFER_MS",
  "HEADERS_TIMEOUT_MS",
  "WORK_MS",
  "EVENT_LOOP_BUSY",
];

test("An empty variable means the same as one that is not set.", () => {
  const empty = Object.fromEntries(names.map((name) => [name, ""]));
  const settings = readSettings(empty);
  assert.deepEqual(settings, readSettings({}));
  assert.equal(settings.port, 3000);
  assert.equal(settings.host, "127.0.0.1");
  assert.ok(Object.values(settings.asked).every((value) => value === undefined));
});

test("Every variable reaches its setting.", () => {
  const env = {
    PORT: "8080",
    HOST: "0.0.0.0",
    KEEP_ALIVE_TIMEOUT_MS: "65000",
    KEEP_ALIVE_TIMEOUT_BUFFER_MS: "0",
    HEADERS_TIMEOUT_MS: "66000",
    WORK_MS: "5",
    EVENT_LOOP_BUSY: "0.2/40",
  };
  assert.deepEqual(readSettings(env), {
    port: 8080,
    host: "0.0.0.0",
    asked: {
      keepAliveTimeoutMs: 65_000,
      keepAliveTimeoutBufferMs: 0,
      headersTimeoutMs: 66_000,
      workMs: 5,
      eventLoopBusy: { share: 0.2, blockMs: 40 },
    },
  });
});

const bad: Record<string, string[]> = {
  PORT: ["65536", "-1", "http"],
  KEEP_ALIVE_TIMEOUT_MS: ["5s", "1e3", "0x10", " 5", "65000.5", "86400001", "NaN"],
  KEEP_ALIVE_TIMEOUT_BUFFER_MS: ["-1"],
  HEADERS_TIMEOUT_MS: ["never"],
  WORK_MS: ["60001", "two\nlines"],
  EVENT_LOOP_BUSY: ["0.2", "40/0.2", "1/40", "0.91/40", "0/40", "0.0/40", "0.2/0", "0.2/10001", "20%/40"],
};

for (const [name, values] of Object.entries(bad)) {
  test(`A bad ${name} is refused in one line with its name, its value, what was expected and an example.`, () => {
    for (const value of values) {
      assert.throws(
        () => readSettings({ [name]: value }),
        ({ message }: Error) =>
          message.startsWith(`${name} is ${JSON.stringify(value)}: expected `) &&
          message.includes(`set for example ${name}=`) &&
          !message.includes("\n"),
        value,
      );
    }
  });
}

test("The target gives up on a bad variable with exit code 2 and that one line.", async (t) => {
  const { code, stderr } = await runTarget(t, { KEEP_ALIVE_TIMEOUT_MS: "5s" });
  assert.equal(code, 2);
  assert.match(stderr, /^target-app: KEEP_ALIVE_TIMEOUT_MS is "5s": expected whole milliseconds .*\n$/);
});

test("A port in use is one line naming it and the way out, and exit code 2.", async (t) => {
  const { port } = await startTarget(t);
  const { code, stderr } = await runTarget(t, { PORT: String(port) });
  assert.equal(code, 2);
  assert.match(stderr, new RegExp(`^target-app: PORT=${port} on HOST=127.0.0.1 is in use: stop .* or set PORT .*\n$`));
});

test("An address that is not this machine's is one line naming HOST, and exit code 2.", async (t) => {
  // 192.0.2.0/24 is kept for documentation (RFC 5737): no machine has it.
  const { code, stderr } = await runTarget(t, { PORT: "0", HOST: "192.0.2.1" });
  assert.equal(code, 2);
  assert.match(stderr, /^target-app: cannot listen at PORT=0 on HOST=192.0.2.1 \(EADDRNOTAVAIL\): set HOST .*\n$/);
});
