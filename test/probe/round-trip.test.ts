// npm test: quiet, since it holds a round trip to 20 ms
import assert from "node:assert/strict";
import { test } from "node:test";
import { medianExchangeMs } from "../../src/probe/round-trip.ts";
import { InconclusiveError } from "../../src/run/exit.ts";
import { freePorts } from "../../src/stage/ports.ts";
import { OK, rawServer } from "./raw-server.ts";

test("The median exchange is what a server takes to answer, however long single ones take.", async (t) => {
  let requests = 0;
  let connections = 0;
  const { host } = await rawServer(t, (socket, connection) => {
    connections = connection + 1;
    setTimeout(() => socket.write(`${OK}\r\nok`), ++requests === 3 ? 200 : 20);
  });
  // Eleven: one of 200 ms and up to four more that a busy machine delays do not move the median.
  const ms = await medianExchangeMs(new URL(`http://${host}`), 11);
  assert.ok(ms > 19 && ms < 40, `${ms} ms`);
  assert.deepEqual([requests, connections], [11, 1], "over one kept connection");
});

const oneLine = (about: RegExp) => (error: unknown) =>
  error instanceof InconclusiveError && about.test(error.message) && !error.message.includes("\n");

test("An address where nobody listens is named.", async () => {
  const [port] = await freePorts(1);
  await assert.rejects(
    medianExchangeMs(new URL(`http://127.0.0.1:${port}`), 3),
    oneLine(new RegExp(`^127.0.0.1:${port} did not .*REFUSED`)),
  );
});

test("A server that dies in the middle ends the measurement: with a FIN, with a RST, during an exchange.", async (t) => {
  for (const die of ["end", "resetAndDestroy"] as const) {
    let requests = 0;
    const { host } = await rawServer(t, (socket) => {
      if (++requests < 4) socket.write(`${OK}\r\nok`);
      else socket[die]();
    });
    await assert.rejects(
      medianExchangeMs(new URL(`http://${host}`), 9),
      oneLine(/did not answer: (it closed the connection|read ECONNRESET)$/),
    );
  }
});
