import assert from "node:assert/strict";
import { test } from "node:test";
import { predictCommandLine } from "../../../src/command/predict/options.ts";

const asked = (...argv: string[]) => predictCommandLine.parse(argv)!.asked;

test("A rate needs nothing else; the rest has the defaults of the help.", () => {
  assert.deepEqual(asked("--rate", "15/min"), {
    logs: null,
    situation: {
      ...{ ratePerS: 0.25, idleCloseMs: 6000, rttMs: 1, answerMs: 1, nodes: 2, targets: 1 },
      traffic: { shape: "poisson", jitterMs: 50, burst: 3, dayMs: 86_400_000 },
    },
  });
});

test("A log takes the two times that it does not say.", () => {
  const { logs, situation } = asked("--log", "/logs", "--rtt", "2ms", "--idle-close", "5s");
  assert.deepEqual([logs, situation], [["/logs"], { idleCloseMs: 5000, rttMs: 2 }]);
});

for (const [name, value] of Object.entries({
  ...{ rate: "1/s", nodes: "2", targets: "1", shape: "poisson", jitter: "50ms", burst: "3" },
})) {
  test(`--${name} beside --log is refused in a line, at its default too.`, () => {
    assert.throws(() => asked("--log", "/logs", `--${name}`, value), {
      name: "UsageError",
      message: `--${name} is "${value}" beside --log, whose requests say that themselves: leave one of them out`,
    });
  });
}
