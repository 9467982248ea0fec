import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { connectClient } from "../../bench/cost/keep-alive-client.ts";

test("The client waits for the last byte of an answer that comes in pieces, and keeps the connection.", async (t) => {
  let connections = 0;
  const address = await serve(t, (socket) => {
    connections++;
    socket.on("data", () => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Le");
      setImmediate(() => socket.write("ngth: 4\r\n\r\nab"));
      setTimeout(() => socket.write("cd"), 5);
    });
  });
  const client = await connectClient(address);
  t.after(() => client.close());
  assert.deepEqual([await client.exchange(), await client.exchange()], [200, 200]);
  assert.equal(connections, 1);
});

test("The client tells a status other than 200.", async (t) => {
  const address = await serve(t, (socket) => {
    socket.on("data", () => socket.write("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n"));
  });
  const client = await connectClient(address);
  t.after(() => client.close());
  assert.equal(await client.exchange(), 502);
});

test("The client rejects when the connection ends without an answer: it never repeats a request.", async (t) => {
  const address = await serve(t, (socket) => socket.once("data", () => socket.destroy()));
  const client = await connectClient(address);
  await assert.rejects(client.exchange(), /closed the connection/);
});

async function serve(t: TestContext, onConnection: (socket: Socket) => void): Promise<string> {
  const server = createServer(onConnection);
  t.after(() => server.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
