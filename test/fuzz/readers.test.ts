import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { checkCommandLine } from "../../src/command/check/options.ts";
import { demoCommandLine } from "../../src/command/demo/options.ts";
import { diagnoseCommandLine } from "../../src/command/diagnose/options.ts";
import { doctorCommandLine } from "../../src/command/doctor/options.ts";
import { probeCommandLine } from "../../src/command/probe/options.ts";
import { upCommandLine } from "../../src/command/up/options.ts";
import { edgeLines } from "../../src/evidence/edge-log.ts";
import { guardLines } from "../../src/evidence/guard-log.ts";
import { idsSeenByApp } from "../../src/evidence/target-log.ts";
import { answerOf } from "../../src/probe/answer.ts";
import { errorLine } from "../../src/probe/first-line.ts";
import { createResponseReader } from "../../src/probe/response-reader.ts";
import { InconclusiveError, UsageError } from "../../src/run/exit.ts";

/** The same inputs each time; bounded, so that it takes a second or two. */
const RUNS = { seed: 502, numRuns: 1500 };

const pieces = fc.constantFrom(
  ..."HTTP/1.1 200 OK\r\n|HTTP/1.0 404 \r\n|HTTP/1.1 100 Continue\r\n\r\n|HTTP/1.|Content-Length: 2\r\n|Content-Length: -1\r\n".split(
    "|",
  ),
  ..."Content-Length: 99999999999999999999\r\n|Transfer-Encoding: chunked\r\n|Keep-Alive: timeout=5, max=9\r\n|\r\n|\n|\r|:|\0".split(
    "|",
  ),
  ...'2\r\nok\r\n|0\r\n\r\n|ffffffffffff\r\n|;x|a: b\r\n| folded\r\n|ok|Connection: close\r\n|{"message": "x"}'.split(
    "|",
  ),
);
const bytes = fc.oneof(
  fc.array(fc.oneof(pieces, fc.string()), { maxLength: 40 }).map((all) => Buffer.from(all.join(""), "latin1")),
  fc.uint8Array({ maxLength: 300 }).map((all) => Buffer.from(all)),
);
const request = { method: "GET", path: "/?a=b", headers: [], body: null };

test("No bytes of a server make the response reader throw, and how they are cut into pieces changes nothing.", () => {
  const read = (text: Buffer, size: number, method: string) => {
    const reader = createResponseReader(method);
    for (let at = 0; at < text.length; at += size) reader.push(text.subarray(at, at + size));
    const head = reader.head();
    const answer = head && answerOf(head, reader.state() === "until-close", reader.body());
    const said = answer && errorLine(answer, request);
    return { answer, said, state: reader.state(), flaw: reader.flaw(), excess: reader.excess(), body: reader.body() };
  };
  fc.assert(
    fc.property(bytes, fc.integer({ min: 1, max: 9 }), fc.constantFrom("GET", "HEAD"), (text, size, method) => {
      assert.deepEqual(read(text, size, method), read(text, text.length || 1, method));
    }),
    RUNS,
  );
});

const EDGE =
  '{"log":"edge","atUs":1,"id":"a","node":"1","method":"GET","path":"/","status":200,"termination":"--","retries":"0","totalMs":1,"up":"1"}';
const GUARD = '{"log":"guard","atUs":1,"up":"1","termination":"--","openMs":1,"bytesIn":1,"bytesOut":1}';
const APP = '{"event":"request","id":"a"}';
/** A line of a log with some of it lost, doubled or replaced. */
const lines = fc
  .tuple(
    fc.constantFrom(EDGE, GUARD, APP),
    fc.nat(160),
    fc.nat(40),
    fc.oneof(fc.string(), fc.constantFrom("-", "null", "{", '"')),
  )
  .map(([line, at, length, other]) => `${line.slice(0, at)}${other}${line.slice(at + length)}`);
const log = fc.array(fc.oneof(lines, fc.string(), fc.constantFrom(EDGE, GUARD, APP)), { maxLength: 5 });

test("Of a log, the LB's or the app's, any line is read, passed over, or named as one that cannot be read.", () => {
  fc.assert(
    fc.property(log, (all) => {
      idsSeenByApp(all);
      for (const read of [edgeLines, guardLines]) {
        try {
          read(all);
        } catch (error) {
          assert.ok(error instanceof InconclusiveError, String(error));
          assert.match(error.message, /^the LB's log has a line that cannot be read: /);
        }
      }
    }),
    RUNS,
  );
});

const COMMANDS = [
  checkCommandLine,
  demoCommandLine,
  diagnoseCommandLine,
  doctorCommandLine,
  probeCommandLine,
  upCommandLine,
];
const values = fc.oneof(
  fc.constantFrom(
    ..."3000,3000/x,localhost:3000,http://3000,60s,20,0,-1,2ms,1e9s,alb,gcp,all,GET,put,/,/#,//x,?,a: b,:,{},@,docker,2xx,".split(
      ",",
    ),
  ),
  fc.string({ unit: "binary" }),
  fc.webUrl(),
);

for (const line of COMMANDS) {
  test(`Whatever stands on its command line, ${line.called} takes it or refuses it in one line.`, () => {
    const options = fc.oneof(fc.constantFrom(...line.names), fc.string()).map((name) => `--${name}`);
    const words = fc.oneof(
      options,
      values,
      fc.constantFrom("-X", "-H", "-d", "-", "--"),
      fc.tuple(options, values).map((two) => two.join("=")),
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 7 }), (argv) => {
        try {
          line.parse(argv);
        } catch (error) {
          assert.ok(
            error instanceof UsageError,
            `${JSON.stringify(argv)}: ${error instanceof Error ? error.stack : error}`,
          );
          assert.ok(!/[\n\r]/.test(error.message), JSON.stringify(argv));
        }
      }),
      RUNS,
    );
  });
}
