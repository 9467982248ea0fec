import assert from "node:assert/strict";
import { test } from "node:test";
import { isNeighbour } from "../../src/stage/neighbour.ts";

test("Containers of the stage's own /24 and this machine's loopback are neighbours, other addresses are not.", () => {
  const neighbour = (localAddress: string, remoteAddress?: string) => isNeighbour({ localAddress, remoteAddress });
  assert.ok(neighbour("198.18.7.1", "198.18.7.4"));
  assert.ok(neighbour("127.0.0.1", "127.0.0.1"));
  assert.ok(neighbour("::ffff:198.18.7.1", "198.18.7.4"));
  for (const other of ["198.18.8.4", "172.17.0.2", "10.0.0.9", "fe80::1", "", undefined]) {
    assert.equal(neighbour("198.18.7.1", other), false, other);
  }
});
