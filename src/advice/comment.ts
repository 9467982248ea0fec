import type { ServerFacts } from "./server-facts.ts";

/** A sentence as a comment in the language of what is pasted beside it; a shell's where there is nothing. */
export function commentIn(facts: Pick<ServerFacts, "comment"> | null, sentence: string): string {
  const begin = facts?.comment ?? "#";
  return begin === "<!--" ? `<!-- ${sentence.replaceAll("--", "- -")} -->` : `${begin} ${sentence}`;
}

/** Whether a line of an advice is such a comment. */
export const isComment = (line: string): boolean => /^(?:#|\/\/|<!--) /.test(line);
