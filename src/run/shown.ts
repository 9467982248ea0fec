/**
 * Text from outside, made fit for every place that shows it: a terminal, a CI's log, Markdown, HTML, CSV, JSON. On one
 * line, without characters that a terminal obeys or that hide or turn round what is beside them, and no command for a CI:
 * - GitHub takes `::name::` at a line's beginning, after any blanks, and `##[name]` anywhere in it;
 * - Azure Pipelines takes `##vso[name]`, TeamCity `##teamcity[name]`, anywhere in it.
 */
export function shown(text: string, longest: number): string {
  const plain = text
    .replace(UNSEEN, " ")
    .replace(/##(?=[a-z]*\[)/gi, "# #")
    .replace(/^(\s*):(?=:)/, "$1: ")
    .trimEnd();
  return plain.length > longest ? `${plain.slice(0, longest).replace(/[\uD800-\uDBFF]$/, "")}...` : plain;
}

/**
 * Control characters (Cc), those without a width or that change the direction of writing (Cf), halves of a pair and what
 * is not assigned (the rest of C), line and paragraph separators, and blanks that are none (Hangul fillers, Braille's).
 */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0\u2800]/gu;
