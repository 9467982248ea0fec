import { z } from "zod";
import { abortAfter } from "../../src/run/abort-after.ts";
import type { Comment } from "./what-to-say.ts";

/** Where GitHub's REST API is, and who we are to it. */
export interface Github {
  /** GITHUB_API_URL, without a slash at its end. */
  apiUrl: string;
  /** "owner/name" */
  repository: string;
  token: string;
  signal: AbortSignal;
}

interface PullRequest {
  number: number;
}

/**
 * The comments on a pull request, oldest first, of programs and of people who may write to the repository: a stranger's
 * comment may hold our marker too. https://docs.github.com/en/rest/issues/comments#list-issue-comments
 * @throws Error with GitHub's reason
 */
export async function listComments(github: Github, { number }: PullRequest): Promise<Comment[]> {
  const comments: z.infer<typeof commentSchema>[] = [];
  for (let page = 1; page <= MAX_PAGES; page++) {
    const path = `issues/${number}/comments?per_page=${PER_PAGE}&page=${page}`;
    const some = z.array(commentSchema).parse(await call(github, "GET", path));
    comments.push(...some);
    if (some.length < PER_PAGE) break;
  }
  return comments.filter(mayWrite).map(({ id, body }) => ({ id, body: body ?? "" }));
}

/** https://docs.github.com/en/rest/issues/comments#create-an-issue-comment. @throws as listComments() */
export const createComment = (github: Github, { number }: PullRequest, body: string): Promise<unknown> =>
  call(github, "POST", `issues/${number}/comments`, { body });

/** https://docs.github.com/en/rest/issues/comments#update-an-issue-comment. @throws as listComments() */
export const updateComment = (github: Github, id: number, body: string): Promise<unknown> =>
  call(github, "PATCH", `issues/comments/${id}`, { body });

const PER_PAGE = 100;
const MAX_PAGES = 30;
const WITHIN_MS = 10_000;

const commentSchema = z.object({
  id: z.int(),
  body: z.string().nullish(),
  user: z.object({ type: z.string() }).nullish(),
  author_association: z.string().optional(),
});

const mayWrite = ({ user, author_association: role = "" }: z.infer<typeof commentSchema>): boolean =>
  user?.type === "Bot" || ["OWNER", "MEMBER", "COLLABORATOR"].includes(role);

async function call({ apiUrl, repository, token, signal }: Github, method: string, path: string, body?: object) {
  const response = await fetch(`${apiUrl}/repos/${repository}/${path}`, {
    method,
    headers: {
      Accept: "application/vnd.github+json",
      Authorization: `Bearer ${token}`,
      "X-GitHub-Api-Version": "2022-11-28",
      "User-Agent": "alb502",
      ...(body && { "Content-Type": "application/json" }),
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: abortAfter(WITHIN_MS, signal),
  }).catch((error: Error) => {
    const cause = error.cause as NodeJS.ErrnoException | undefined;
    throw new Error(`GitHub's API did not answer (${cause?.code ?? cause?.message ?? error.name})`);
  });
  if (response.ok) return response.json();
  const { message = "" } = (await response.json().catch(() => ({}))) as { message?: string };
  const remedy = [401, 403, 404].includes(response.status)
    ? "; the job needs permissions: pull-requests: write, which a pull request from a fork does not get"
    : "";
  throw new Error(`GitHub answered ${response.status} ${message.replace(/\s+/g, " ").slice(0, 200)}`.trim() + remedy);
}
