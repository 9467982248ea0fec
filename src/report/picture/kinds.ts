import type { Kind, Picture } from "./picture.ts";

/** What each mark means: a sign for the terminal, and words. */
export const KINDS: Record<Kind, { sign: string; meaning: string }> = {
  lost: { sign: "X", meaning: "lost: 502" },
  own: { sign: "o", meaning: "answered (idle connection)" },
  fresh: { sign: "+", meaning: "answered (new connection)" },
  answered: { sign: "a", meaning: "answered (connection not known)" },
  other: { sign: "?", meaning: "another failure" },
};

/** Those that occur, the weightiest first. */
export function kindsIn({ rows }: Picture): Kind[] {
  const seen = new Set(rows.flatMap(({ marks }) => marks.map(({ kind }) => kind)));
  return (Object.keys(KINDS) as Kind[]).filter((kind) => seen.has(kind));
}
