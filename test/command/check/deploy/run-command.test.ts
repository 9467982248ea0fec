import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { test } from "node:test";
import { runCommand } from "../../../../src/command/check/deploy/run-command.ts";
import type { AppRequest } from "../../../../src/record/request.ts";
import { InconclusiveError } from "../../../../src/run/exit.ts";
import { createProgress } from "../../../../src/run/progress.ts";
import { withRun } from "../../../../src/run/run.ts";

const REQUEST: AppRequest = { method: "GET", path: "/", headers: [["X-Key", "hush-hush-secret"]], body: null };

/** What the command came to, and what people were shown of it. */
async function deployed(deploy: string, deployTimeoutMs = 20_000) {
  let shown = "";
  const stream = new Writable({
    write(chunk, _, done) {
      shown += chunk;
      done();
    },
  });
  let code: number | null | undefined;
  await withRun(createProgress(stream as NodeJS.WriteStream), async (run) => {
    code = await runCommand(run, { deploy, deployTimeoutMs, request: REQUEST });
    return 0;
  });
  return { code, shown };
}

test("A deploying command's lines are shown without what a terminal or a CI would obey, and its exit code is told.", async () => {
  const { code, shown } = await deployed("printf '\\033[31mred\\033[0m\\n::error::x\\n##vso[task]\\n'; exit 3");
  assert.deepEqual([code, shown], [3, "  | red\n  | : :error::x\n  | # #vso[task]\n"]);
});

test("A header's value is not shown, nor half of it where a long line is cut.", async () => {
  const { shown } = await deployed("echo key hush-hush-secret; printf '%0295d hush-hush-secret\\n' 0");
  assert.match(shown, /^ {2}\| key \.\.\.\n {2}\| 0{295} \.\.\.\n$/);
});

test("What it leaves in the background stays, and nobody waits for that.", async () => {
  const { code, shown } = await deployed("sleep 60 & echo $!");
  const pid = Number(/\d+/.exec(shown)?.[0]);
  assert.equal(code, 0);
  process.kill(pid, 0); // throws where there is none
  process.kill(pid, "SIGKILL");
});

test("One that takes longer than it may is stopped with its group: inconclusive, in one line.", async () => {
  await assert.rejects(
    deployed("sleep 60; true", 300),
    (error) => error instanceof InconclusiveError && /after 0\.3 s, and was stopped: give a longer/.test(error.message),
  );
});
