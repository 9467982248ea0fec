import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { startLb, test } from "./chain.ts";
import { type Exchange, startServer } from "./raw-server.ts";
import { connectUser } from "./user.ts";

const closes: Record<string, (socket: Socket) => void> = {
  FIN: (socket) => socket.end(),
  RST: (socket) => socket.resetAndDestroy(),
};

for (const method of ["GET", "POST"] as const) {
  for (const [how, close] of Object.entries(closes)) {
    test(`A ${method} lost to the target's ${how} on a reused connection is a 502 that is logged once, and the client stays connected.`, async (t) => {
      const target = await startServer(t, dropEverySecond(close));
      const lb = await startLb(t, { target: target.address });
      const user = await connectUser(t, lb);

      // No timing is involved, so every pair must come out the same; 25 show that it stays so.
      const ids: string[] = [];
      const ups: (string | undefined)[] = [];
      for (let pair = 0; pair < 25; pair++) {
        const answered = await user.send({ method, node: 1, id: `${pair}-answered` });
        const lost = await user.send({ method, node: 1, id: `${pair}-lost` });
        assert.equal(answered.status, 200);
        assert.ok(answered.up, "X-Up names the connection that answered");
        assert.equal(lost.status, 502);
        assert.equal(lost.up, undefined);
        ids.push(`${pair}-answered 200`, `${pair}-lost 502`);
        ups.push(answered.up);
      }
      assert.ok(user.isConnected());
      assert.equal(target.heads.length, 50, "nothing was sent twice");

      const { edge } = await lb.stop({ edge: 50 });
      assert.deepEqual(
        edge.map(({ id, status }) => `${id} ${status}`),
        ids,
      );
      assert.deepEqual(
        edge.map(({ sentOn }) => sentOn),
        ups.flatMap((up) => [up, up]),
        "the log names the connection of the lost request, too",
      );
      assert.ok(edge.every((line) => line.method === method && line.path === "/path" && line.retries === "0"));
    });
  }
}

test("The 502 is the same as an ALB's, byte for byte.", async (t) => {
  const target = await startServer(
    t,
    dropEverySecond((socket) => socket.end()),
  );
  const lb = await startLb(t, { target: target.address });
  const user = await connectUser(t, lb);

  await user.send({ node: 1 });
  const { headers, body } = await user.send({ node: 1 });

  assert.equal(headers.server, "awselb/2.0");
  assert.equal(headers["content-type"], "text/html");
  assert.equal(headers["content-length"], "122");
  assert.equal(body.length, 122);
  assert.equal(
    body,
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n",
  );
});

function dropEverySecond(close: (socket: Socket) => void) {
  return ({ nth, socket, answer }: Exchange) => (nth === 1 ? answer() : close(socket));
}
