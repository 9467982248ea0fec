import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { captureStages } from "../../../src/evidence/capture/capture-stages.ts";
import { keepEvidence } from "../../../src/evidence/capture/keep-evidence.ts";
import { lossOnWire, segmentsAround } from "../../../src/evidence/wire.ts";
import { runToEnd } from "../../../src/run/process.ts";
import { undoLastFirst } from "../../../src/run/undos.ts";
import type { Stage } from "../../../src/stage/stage.ts";
import { loopbackTaps } from "../../../src/stage/tap.ts";
import { scratchFolder } from "../../parts/scratch.ts";
import { silentRun } from "../../silent-run.ts";
import { wiresharkOrSkip } from "./wireshark.ts";

// A target that closes, and a client that asks after it closed: on loopback, so the order of the segments is certain.
test("A request that comes after the FIN is found as one answered by RST, and kept for Wireshark.", async (t) => {
  const wireshark = await wiresharkOrSkip(t);
  if (!wireshark) return;
  const folder = await scratchFolder(t);
  const server = createServer((_request, response) => {
    response.writeHead(200, { "Set-Cookie": "hush" }).end('{"token": "hush"}');
  }).listen(0, "127.0.0.1");
  server.keepAliveTimeout = 1; // closes an idle connection after its hidden second, or at once before Node 20.18
  await once(server, "listening");
  t.after(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const { run, undos } = silentRun(folder);
  t.after(() => undoLastFirst(undos));
  const stage = {
    targetUrl: `http://127.0.0.1:${port}`,
    taps: await loopbackTaps({ far: `http://127.0.0.1:${port}` }),
  };

  const capture = await captureStages(run, [stage as unknown as Stage], true);
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  socket.on("error", () => {}); // the reset
  const request = (id: string) =>
    `GET /a?q=hush HTTP/1.1\r\nHost: hush\r\nAuthorization: hush\r\nX-Request-Id: check-0-${id}\r\n\r\n`;
  socket.write(request("1"));
  socket.resume();
  await once(socket, "end"); // the target's FIN
  socket.end(request("2"));
  await once(socket, "close");
  await capture.stop();

  const captured = await capture.read();
  assert.ok("requests" in captured, "why" in captured ? captured.why : "");
  const { "check-0-1": early, "check-0-2": late } = Object.fromEntries(captured.requests);
  assert.equal(lossOnWire(early!), null);
  const { wire, afterFinMs } = lossOnWire(late!)!;
  assert.equal(wire, "after-fin");
  assert.ok(afterFinMs! > 0 && afterFinMs! < 1000, `${afterFinMs}`);

  await t.test("Its segments in order are the answer, the FIN, the request and the RST, without the query.", () => {
    const segments = segmentsAround(late!.far!).filter(({ what }) => what !== "received");
    assert.deepEqual(
      segments.map(({ from, flags }) => `${from} ${flags}`),
      ["target PSH, ACK", "target FIN, ACK", "lb PSH, ACK", "target RST"],
    );
    assert.equal(segments[2]!.what, "too late: GET /a, request check-0-2");
  });

  await t.test(
    "evidence.pcapng holds that connection, readable by tshark, without a header's value, a body or a query.",
    async () => {
      assert.equal((await stat(captured.file)).mode & 0o077, 0);
      assert.match(await readFile(captured.file, "latin1"), /hush/);
      assert.equal(await keepEvidence(folder, captured), true);
      const file = join(folder, "evidence.pcapng");
      assert.equal((await stat(file)).mode & 0o077, 0);
      assert.doesNotMatch(await readFile(file, "latin1"), /hush|Host|Cookie|Authorization/i);
      const fields = ["tcp.flags.reset", "frame.comment", "tcp.payload"].flatMap((name) => ["-e", name]);
      const { code, output, stdout } = await runToEnd(wireshark.tshark, ["-r", file, "-T", "fields", ...fields], {
        env: process.env,
      });
      assert.equal(code, 0, output);
      const rows = stdout.split("\n").map((line) => line.split("\t"));
      const text = (hex = "") => Buffer.from(hex, "hex").toString();
      assert.deepEqual(
        rows.filter(([, , payload]) => payload).map(([, comment, payload]) => [comment, text(payload)]),
        [
          ["request check-0-1", "GET /a"],
          ["", "HTTP/1.1 200"],
          ["request check-0-2", "GET /a"],
        ],
      );
      assert.match(rows.at(-2)![0]!, /^(1|True)$/);
    },
  );
});

test("Where nothing can be captured, a line says why and what to do, and everything else goes on.", async (t) => {
  const folder = await scratchFolder(t);
  const { run } = silentRun(folder);
  const whyOf = async (stages: object[], wanted = true) => {
    const captured = await (await captureStages(run, stages as Stage[], wanted)).read();
    return "why" in captured ? captured.why : "captured";
  };
  assert.match(await whyOf([], false), /--out DIR keeps them/);
  assert.match(await whyOf([{ targetUrl: "https://a", taps: [] }]), /TLS/);
  assert.match(await whyOf([{ targetUrl: "http://a", taps: [] }]), /not go over this machine/);
});

test("An interface that is not there is named.", async (t) => {
  const wireshark = await wiresharkOrSkip(t);
  if (!wireshark) return;
  const folder = await scratchFolder(t);
  const { run, undos } = silentRun(folder);
  t.after(() => undoLastFirst(undos));
  const stage = { targetUrl: "http://a", taps: [{ hop: "far", device: "no-such0", port: 1 }] };
  const captured = await (await captureStages(run, [stage as unknown as Stage], true)).read();
  assert.match("why" in captured ? captured.why : "", /^No packets were captured: .*no-such0/);
});
