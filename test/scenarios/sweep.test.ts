// npm test: quiet, since it holds losses to 10 ms around the close
import assert from "node:assert/strict";
import { median } from "../../scenarios/lib/median.ts";
import { run, test } from "./k6.ts";
import { idleCloseOf, stageFor, UNFIXED } from "./stage.ts";

interface Line {
  gapMs: number;
  outcome: string;
  status: number;
  user: number;
  round: number;
}

test("The sweep prints one JSON line per attempt: reused below the idle close, lost about it, fresh above.", async (t) => {
  // 40 gaps 0.5 ms apart, each twice: the window is one round trip wide, so about eight attempts lie in it.
  const users = 40;
  const stage = await stageFor(t, { name: "sweep", target: UNFIXED, nodes: users });
  const closeMs = idleCloseOf(stage);
  const [from, to] = [closeMs - 14, closeMs + 5.5];
  const { code, stderr } = await run("sweep", {
    TARGET_BASE_URL: stage.lbUrl,
    USERS: String(users),
    FROM_MS: String(from),
    TO_MS: String(to),
    TIMES: "2",
  });
  assert.equal(code, 0, stderr);

  const lines = stderr
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Line);
  assert.equal(lines.length, 2 * users);
  assert.equal(new Set(lines.map(({ user, round }) => `${user}/${round}`)).size, 2 * users);

  const gaps = (outcome: string) => lines.filter((line) => line.outcome === outcome).map(({ gapMs }) => gapMs);
  const [own, lost, fresh] = [gaps("own"), gaps("lost"), gaps("fresh")];
  // One outcome alone may be off on a busy machine: the target's timer fires late, k6 wakes late. The medians are not.
  assert.ok(lost.length >= 1 && own.length >= 10 && fresh.length >= 5, stderr);
  assert.ok(median(own) < median(lost) && median(lost) < median(fresh), stderr);
  assert.ok(Math.abs(median(lost) - closeMs) < 10, `lost at ${lost}, closed at ${closeMs}`);
  for (const { outcome, status } of lines) assert.equal(status, outcome === "lost" ? 502 : 200);
});
