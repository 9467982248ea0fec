import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import { EnvironmentError } from "../../src/run/exit.ts";
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

test("Processes that look at the same moment are never given the same port, and none looks at another's.", async () => {
  // Eight at once, 60 ports each: with ports drawn from 12,000 at random, two of them share one in more than 99 of 100 tries.
  const processes = Array.from({ length: 8 }, () => portsOfAProcess(60));
  const given = (await Promise.all(processes)).flat();
  assert.equal(given.length, 480);
  assert.equal(new Set(given).size, 480);
});

test("A port that something listens on is an EnvironmentError of one line that names it and the way out.", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await assert.rejects(assertPortFree(port), (error) => {
    assert.ok(error instanceof EnvironmentError);
    assert.equal(error.message, `port ${port} is in use; choose another with --port`);
    return true;
  });
  server.close();
  await once(server, "close");
  await assertPortFree(port);
});

/** They end together, when all have theirs: a block is free again when its process ends. */
async function portsOfAProcess(count: number): Promise<number[]> {
  const module = join(import.meta.dirname, "../../src/stage/ports.ts");
  const program = `
    const { freePorts } = await import(${JSON.stringify(module)});
    process.stdout.write(JSON.stringify(await freePorts(${count})));
    process.stdin.resume();`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  children.push(child);
  const [text] = await once(child.stdout, "data");
  return JSON.parse(String(text)) as number[];
}

const children: ChildProcess[] = [];
after(() => {
  for (const child of children) child.kill();
});

async function listenOn(port: number): Promise<void> {
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  server.close();
  await once(server, "close");
}
