import { cell } from "../../src/report/markup.ts";
import type { Finding, Found } from "./found.ts";

/** A comment that is there already, as GitHub's API has it. */
export interface Comment {
  id: number;
  body: string;
}

/** Which check this is, among those that may comment on one pull request, and where its details are. */
export interface Place {
  /** Of the workflow, the job and the target; letters and digits. */
  key: string;
  /** The commit that was checked, in full. */
  commit: string;
  /** The job's page. */
  runUrl: string;
}

export type WhatToDo =
  | { do: "nothing"; why: string }
  | { do: "create"; body: string }
  | { do: "update"; id: number; body: string };

/**
 * Whether to comment, and what: where the verdict is another than the last one that was said. The first time, where it
 * is not as expected; a pull request that changes nothing hears nothing.
 * @param comments those by people and programs that may write to the repository, oldest first
 */
export function whatToSay(found: Found, comments: readonly Comment[], place: Place): WhatToDo {
  const now = verdictsOf(found);
  const earlier = comments.findLast(({ body }) => recorded(body, place.key) !== null);
  if (earlier === undefined) {
    if (Object.values(found).every(({ isAsExpected }) => isAsExpected))
      return { do: "nothing", why: "all is as expected" };
    return { do: "create", body: bodyOf(found, {}, place) };
  }
  const before = recorded(earlier.body, place.key)!;
  if (record(before) === record(now)) return { do: "nothing", why: "the verdict is the one that was said last" };
  return { do: "update", id: earlier.id, body: bodyOf(found, before, place) };
}

type Verdicts = Record<string, string>;

const verdictsOf = (found: Found): Verdicts =>
  Object.fromEntries(Object.entries(found).map(([name, { verdict }]) => [name, verdict]));

/** A comment in Markdown's sense: GitHub does not show it. */
const marker = (key: string, verdicts: Verdicts): string => `<!-- alb502:${key} ${record(verdicts)} -->`;

const record = (verdicts: Verdicts): string => new URLSearchParams(Object.entries(verdicts).sort(byName)).toString();

const byName = ([one]: [string, string], [other]: [string, string]) => (one < other ? -1 : 1);

/** What a comment of ours says was found; null for any other comment, and one of another check. */
function recorded(body: string, key: string): Verdicts | null {
  const [, ofKey, verdicts] = /^<!-- alb502:(\w+) (\S+) -->/.exec(body) ?? [];
  return ofKey === key ? Object.fromEntries(new URLSearchParams(verdicts)) : null;
}

function bodyOf(found: Found, before: Verdicts, place: Place): string {
  const parts = Object.entries(found).map(([name, finding]) => partOf(name, finding, before[name]));
  return `${[
    marker(place.key, verdictsOf(found)),
    ...parts,
    `Checked at ${place.commit}: [log and report](${place.runUrl}).`,
  ].join("\n\n")}\n`;
}

function partOf(name: string, finding: Finding, before: string | undefined): string {
  const { verdict, isAsExpected, sentence, advice } = finding;
  const was = before === undefined || before === verdict ? "" : ` (was ${text(before)})`;
  const heading = `### ${["alb502", text(name)].join(" ").trim()}: ${verdict}${was}`;
  // The fix is of use where something is lost.
  const fix = advice !== null && !isAsExpected ? [`**${text(advice)}**`] : [];
  return [heading, text(sentence), ...fix].join("\n\n");
}

/** What the app says of itself may be in it, and must call nobody. */
const text = (words: string): string => cell(words).replaceAll("@", "@\u200b");
