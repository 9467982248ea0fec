import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { commentOnPullRequest } from "../../../scripts/action/comment-on-pull-request.ts";
import type { Result } from "../../../src/record/result.ts";
import { freePorts } from "../../../src/stage/ports.ts";
import { scratchFolder } from "../../parts/scratch.ts";
import { exampleResult } from "../../report/example.ts";

const TOKEN = "ghs_hush";

test("A loss is written as a comment, a second one is not, and the fix updates it.", async (t) => {
  const github = await startGithub(t);
  assert.equal(await github.comment("lost"), "alb502: comment on the pull request: written");
  assert.equal(
    await github.comment("lost"),
    "alb502: comment on the pull request: none, the verdict is the one that was said last",
  );
  assert.equal(await github.comment("clean"), "alb502: comment on the pull request: updated");
  assert.deepEqual(
    github.comments.map(({ id }) => id),
    [101],
  );
  assert.match(github.comments[0]!.body, /### alb502: clean \(was lost\)/);
  assert.deepEqual(github.calls, [
    "GET /repos/o/r/issues/7/comments?per_page=100&page=1",
    "POST /repos/o/r/issues/7/comments",
    "GET /repos/o/r/issues/7/comments?per_page=100&page=1",
    "GET /repos/o/r/issues/7/comments?per_page=100&page=1",
    "PATCH /repos/o/r/issues/comments/101",
  ]);
});

test("A comment on the second page is found; a stranger's with our marker is not ours.", async (t) => {
  const github = await startGithub(t);
  await github.comment("lost");
  const [ours] = github.comments.splice(0);
  github.comments.push({ ...ours!, id: 5, user: { type: "User" }, author_association: "CONTRIBUTOR" });
  for (let id = 10; id < 109; id++) github.comments.push({ ...ours!, id, body: "LGTM" });
  await github.comment("clean");
  assert.equal(github.comments.length, 100, "no earlier comment of ours, and nothing to say");
  github.comments.push({ ...ours!, id: 200 });
  await github.comment("clean");
  assert.match(github.comments.at(-1)!.body, /clean \(was lost\)/);
});

test("A missing permission, a broken API and none at all are one line each, without the token.", async (t) => {
  const github = await startGithub(t);
  github.refuse = [403, { message: "Resource not accessible by integration" }];
  const needs = "the job needs permissions: pull-requests: write, which a pull request from a fork does not get";
  assert.equal(
    await github.comment("lost"),
    `alb502: no comment on the pull request: GitHub answered 403 Resource not accessible by integration; ${needs}`,
  );
  github.refuse = [500, "no JSON"];
  assert.equal(await github.comment("lost"), "alb502: no comment on the pull request: GitHub answered 500");
  const nowhere = { GITHUB_API_URL: `http://127.0.0.1:${(await freePorts(1))[0]}` };
  const why = "GitHub's API did not answer (ECONNREFUSED)";
  assert.equal(await github.comment("lost", nowhere), `alb502: no comment on the pull request: ${why}`);
});

test("Of a config's targets, the one that could not be checked is in the comment too.", async (t) => {
  const github = await startGithub(t);
  const target = { url: "http://localhost:1", expect: "clean", durationMs: 1, lbIdleTimeoutMs: 60_000, advice: null };
  const found = (web: object) => ({
    ...{ schema: "alb502/results/1", startedAt: "2026-11-30T00:00:00.000Z", durationMs: 1, exitCode: 2 },
    ...{ config: "alb502.config.json", versions: {} },
    targets: [
      { ...target, name: "api", verdict: "clean", exitCode: 0, reason: "CLEAN.", idleCloseMs: 65_000, result: null },
      { ...target, name: "web", idleCloseMs: null, result: null, ...web },
    ],
  });
  const file = join(await scratchFolder(t), "results.json");
  const say = async (web: object) => {
    await writeFile(file, JSON.stringify(found(web)));
    return github.comment("clean", { IN_RESULT: file });
  };
  await say({ verdict: "lost", exitCode: 1, reason: "LOST." });
  assert.match(await say({ verdict: null, exitCode: 2, reason: "nothing listens there" }), /updated$/);
  assert.match(github.comments[0]!.body, /### alb502 web: not checked \(was lost\)\n\nnothing listens there/);
});

test("Outside of a pull request, without a verdict or without a token nothing is asked.", async (t) => {
  const github = await startGithub(t);
  const event = join(await scratchFolder(t), "event.json");
  await writeFile(event, "{}");
  const said = "alb502: comment on the pull request: none,";
  const push = { GITHUB_EVENT_PATH: event, GITHUB_EVENT_NAME: "push" };
  assert.equal(await github.comment("lost", push), `${said} push is of no pull request`);
  assert.equal(await github.comment("lost", { IN_RESULT: "" }), `${said} the check came to no verdict`);
  assert.equal(await github.comment("lost", { GITHUB_TOKEN: "" }), `${said} the input token is empty`);
  assert.deepEqual(github.calls, []);
});

interface Stored {
  id: number;
  body: string;
  user: { type: string };
  author_association: string;
}

/** Answers as https://docs.github.com/en/rest/issues/comments says, and remembers. */
async function startGithub(t: TestContext) {
  const state = {
    comments: [] as Stored[],
    calls: [] as string[],
    refuse: null as null | [number, unknown],
    comment,
  };
  const answer = async (request: IncomingMessage): Promise<[number, unknown]> => {
    const { method, url } = request as { method: string; url: string };
    state.calls.push(`${method} ${url}`);
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return [401, { message: "Bad credentials" }];
    if (state.refuse) return state.refuse;
    const { pathname, searchParams } = new URL(url, "http://here");
    const page = Number(searchParams.get("page") ?? 1);
    const perPage = Number(searchParams.get("per_page") ?? 30);
    if (method === "GET" && pathname === "/repos/o/r/issues/7/comments") {
      return [200, state.comments.slice((page - 1) * perPage, page * perPage)];
    }
    const { body } = (await json(request)) as { body: string };
    if (method === "POST" && pathname === "/repos/o/r/issues/7/comments") {
      const made = { id: 101 + state.comments.length, body, user: { type: "Bot" }, author_association: "NONE" };
      state.comments.push(made);
      return [201, made];
    }
    const known = state.comments.find(({ id }) => pathname === `/repos/o/r/issues/comments/${id}`);
    if (method === "PATCH" && known) return [200, Object.assign(known, { body })];
    return [404, { message: "Not Found" }];
  };
  const server = createServer(async (request, response) => {
    const [status, body] = await answer(request);
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const folder = await scratchFolder(t);
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const event = join(folder, "event.json");
  await writeFile(event, JSON.stringify({ pull_request: { number: 7, head: { sha: "0123abc" } } }));

  /** @returns what is in the log then */
  async function comment(verdict: "lost" | "clean", changes: Record<string, string> = {}): Promise<string> {
    const file = join(folder, "result.json");
    await writeFile(file, JSON.stringify(check(verdict)));
    const said: string[] = [];
    const env = {
      IN_RESULT: file,
      IN_KEY: "http://localhost:3000 results",
      GITHUB_TOKEN: TOKEN,
      GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      GITHUB_SERVER_URL: "https://github.example",
      GITHUB_REPOSITORY: "o/r",
      GITHUB_RUN_ID: "7",
      GITHUB_EVENT_PATH: event,
      GITHUB_EVENT_NAME: "pull_request",
      ...changes,
    };
    const progress = {
      line: (line: string) => void said.push(line),
      transient() {},
      paint: (_: unknown, s: string) => s,
    };
    await commentOnPullRequest(env, progress, t.signal);
    assert.ok(!said.join().includes(TOKEN));
    return said.join("\n");
  }
  return state;
}

function check(verdict: "lost" | "clean"): Result {
  const example = exampleResult();
  return { ...example, command: "check", verdict, runs: [{ ...example.runs[0]!, verdict }], comparison: null };
}
