import assert from "node:assert/strict";
import { test } from "node:test";
import { parseStreams, requestIdOf } from "../../../src/evidence/capture/streams.ts";

const TAPS = [
  { hop: "client", device: "br-1", port: 8080 },
  { hop: "far", device: "lo", port: 3000 },
] as const;
const hex = (text: string) => Buffer.from(text).toString("hex");
const REQUEST = "GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: before-0-7\r\n\r\n";

test("Segments are gathered by stream, with their hop and direction told by the server's port.", () => {
  const [client, far] = parseStreams(
    [
      `1.000001\tbr-1\t40000\t8080\t0\t0\t1\t0\t0\t0\t`,
      `1.000002\tlo\t50000\t3000\t1\t0\t0\t0\t1\t${REQUEST.length}\t${hex(REQUEST)}`,
      `1.000003\tlo\t3000\t50000\t1\t1\t0\t0\t1\t0\t`,
      `1.000004\tlo\t3000\t50000\t1\t0\t0\t1\t0\t0\t`,
    ],
    TAPS,
  );
  assert.deepEqual([client!.hop, far!.hop], ["client", "far"]);
  const [request, fin, rst] = far!.packets;
  assert.deepEqual([request!.from, request!.length, request!.atUs], ["client", REQUEST.length, 1_000_002]);
  assert.deepEqual([fin!.from, fin!.fin, fin!.rst], ["server", true, false]);
  assert.deepEqual([rst!.from, rst!.fin, rst!.rst], ["server", false, true]);
  assert.equal(requestIdOf(request!), "before-0-7");
});

test("tshark says 1 or True for a flag that is set, as its version has it.", () => {
  const [stream] = parseStreams(["1.0\tlo\t3000\t50000\t0\tTrue\tFalse\tFalse\tTrue\t0\t"], TAPS);
  const { fin, syn, ack } = stream!.packets[0]!;
  assert.deepEqual([fin, syn, ack], [true, false, true]);
});

test("Traffic of other ports and devices, and lines that are cut short are left out.", () => {
  assert.deepEqual(
    parseStreams(
      ["1.0\tlo\t22\t50000\t0\t0\t0\t0\t1\t0\t", "", "1.0\tlo\t3000", "1.0\tbr-1\t3000\t50000\t0\t0\t0\t0\t1\t0\t"],
      TAPS,
    ),
    [],
  );
});

test("An answer has no request id, though it may quote one.", () => {
  const [stream] = parseStreams([`1.0\tlo\t3000\t50000\t0\t0\t0\t0\t1\t9\t${hex(REQUEST)}`], TAPS);
  assert.equal(requestIdOf(stream!.packets[0]!), null);
});
