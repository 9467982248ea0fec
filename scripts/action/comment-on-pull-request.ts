import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Progress } from "../../src/run/progress.ts";
import { readFound } from "./found.ts";
import { createComment, type Github, listComments, updateComment } from "./github-comments.ts";
import { type Place, whatToSay } from "./what-to-say.ts";

/**
 * Says on the pull request what was found, where that is news. Whatever stands in the way, a read-only token of a fork's
 * pull request first, is a line in the log.
 * @param env GitHub's own variables; IN_RESULT, the check's result.json or results.json; IN_KEY, what tells this check from others
 */
export async function commentOnPullRequest(
  env: NodeJS.ProcessEnv,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  try {
    progress.line(`alb502: comment on the pull request: ${await comment(env, signal)}`);
  } catch (error) {
    signal.throwIfAborted();
    progress.line(`alb502: no comment on the pull request: ${(error as Error).message}`);
  }
}

/** @returns what was done, in words */
async function comment(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<string> {
  if (!env.IN_RESULT) return "none, the check came to no verdict";
  const pull = await pullRequestOf(env);
  if (pull === null) return `none, ${env.GITHUB_EVENT_NAME || "this event"} is of no pull request`;
  if (!env.GITHUB_TOKEN) return "none, the input token is empty";
  const github: Github = {
    apiUrl: env.GITHUB_API_URL || "https://api.github.com",
    repository: env.GITHUB_REPOSITORY ?? "",
    token: env.GITHUB_TOKEN,
    signal,
  };
  const found = await readFound(env.IN_RESULT);
  const what = whatToSay(found, await listComments(github, pull), placeOf(env, pull));
  if (what.do === "nothing") return `none, ${what.why}`;
  if (what.do === "update") await updateComment(github, what.id, what.body);
  else await createComment(github, pull, what.body);
  return what.do === "update" ? "updated" : "written";
}

interface Event {
  pull_request?: { number: number; head: { sha: string } };
}

async function pullRequestOf(env: NodeJS.ProcessEnv): Promise<{ number: number; commit: string } | null> {
  if (!env.GITHUB_EVENT_PATH) return null;
  const { pull_request: pull } = JSON.parse(await readFile(env.GITHUB_EVENT_PATH, "utf8")) as Event;
  return pull ? { number: pull.number, commit: pull.head.sha } : null;
}

function placeOf(env: NodeJS.ProcessEnv, { commit }: { commit: string }): Place {
  const { GITHUB_WORKFLOW = "", GITHUB_JOB = "", GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID } = env;
  // Hashed: a URL may have a secret in it.
  const hash = createHash("sha256").update([GITHUB_WORKFLOW, GITHUB_JOB, env.IN_KEY].join("\n"));
  return {
    key: hash.digest("hex").slice(0, 12),
    commit,
    runUrl: `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`,
  };
}
