/**
 * Takes what the user gave as a secret out of a line of the app's own, which may repeat it: the app's log is kept, and its
 * last lines are shown; and what a URL has before its @.
 * @param secrets header values, bodies, variables from a file; short ones, which a line holds by chance, are left in
 */
export function hiding(secrets: readonly string[]): (line: string) => string {
  const words = secrets
    .flatMap((secret) => [secret.trim(), ...secret.split(/[\s"',;{}[\]]+/)])
    .filter(({ length }) => length >= SHORTEST_SECRET)
    .sort((one, other) => other.length - one.length);
  return (line) => words.reduce((text, word) => text.replaceAll(word, "..."), line.replace(IN_URL, "://...@"));
}

/** User and password, as a database's URL has them, which an app that cannot reach it prints. */
const IN_URL = /:\/\/[^\s/@]{1,200}@/g;

const SHORTEST_SECRET = 8;
