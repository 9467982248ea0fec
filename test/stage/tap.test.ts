import assert from "node:assert/strict";
import { test } from "node:test";
import { endpointOf } from "../../src/record/endpoint.ts";
import { isLoopback } from "../../src/stage/tap.ts";

test("This machine is meant by its loopback's addresses and names, and by 0.0.0.0 and [::], where servers say they listen.", async () => {
  const here = "localhost app.localhost 127.0.0.1 127.9.9.9 0.0.0.0 [::] [::1] [::ffff:127.0.0.1] [::ffff:0.0.0.0]";
  for (const host of here.split(" ")) {
    assert.equal(await isLoopback(endpointOf(new URL(`http://${host}:3000`)).host), true, host);
  }
  for (const host of ["10.0.0.7", "192.0.2.1", "[2001:db8::1]", "[::ffff:10.0.0.7]", "no-such-host.invalid"]) {
    assert.equal(await isLoopback(endpointOf(new URL(`http://${host}:3000`)).host), false, host);
  }
});
