import assert from "node:assert/strict";
import { test } from "node:test";
import { countFootprint } from "../../bench/footprint/count.ts";

test("Connections and requests are counted, those of the LB by their id, and how many were open at once.", () => {
  const log = [
    '{"event":"listening","port":3000}',
    request(1, 100, null),
    request(2, 110, "check-0-0-warm-0"),
    request(1, 120, null),
    close(1, 130),
    request(3, 130, "check-0-1-warm-0"),
    request(2, 140, "check-0-0"),
    close(3, 150),
    close(2, 150),
    request(4, 160, null),
    close(4, 170),
  ];
  assert.deepEqual(countFootprint(log), { connections: 4, mostAtOnce: 2, requests: 6, throughLb: 3 });
});

test("A connection that carried no request is one, and what is no line of the log is none.", () => {
  const log = ["(node:1) Warning: something", request(1, 100, null), close(2, 110), close(1, 120)];
  assert.deepEqual(countFootprint(log), { connections: 2, mostAtOnce: 1, requests: 1, throughLb: 0 });
});

const request = (connection: number, at: number, id: string | null): string =>
  JSON.stringify({
    event: "request",
    at,
    id,
    connection,
    served: 1,
    remotePort: 1,
    method: "GET",
    path: "/",
    status: 200,
  });

const close = (connection: number, at: number): string =>
  JSON.stringify({ event: "close", at, connection, served: 1, remotePort: 1 });
