import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { test } from "node:test";
import { UsageError } from "../../src/cli/exit.ts";
import { assertPortFree, freePorts } from "../../src/stage/ports.ts";

test("Free ports are distinct, below the range of outgoing connections, and can be listened on.", async () => {
  const ports = await freePorts(50);
  assert.equal(new Set(ports).size, 50);
  for (const port of ports) {
    // Linux takes the ports of outgoing connections from 32768 up.
    assert.ok(Number.isInteger(port) && port >= 20_000 && port < 32_000, `${port}`);
    await listenOn(port);
  }
});

test("A port that something listens on is a UsageError of one line that names it and the way out.", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await assert.rejects(assertPortFree(port), (error) => {
    assert.ok(error instanceof UsageError);
    assert.equal(error.message, `port ${port} is in use; choose another with --port`);
    return true;
  });
  server.close();
  await once(server, "close");
  await assertPortFree(port);
});

async function listenOn(port: number): Promise<void> {
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  server.close();
  await once(server, "close");
}
