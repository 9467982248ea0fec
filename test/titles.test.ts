import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

test("Titles are written in the one way that CONTRIBUTING.md describes.", async () => {
  const files = (await readdir(import.meta.dirname, { recursive: true })).filter(
    (file) => file.endsWith(".test.ts") && file !== "titles.test.ts",
  );
  const wrong = await Promise.all(
    files.map(async (file) =>
      wrongIn(await readFile(join(import.meta.dirname, file), "utf8")).map((title) => `${file}: ${title}`),
    ),
  );
  assert.deepEqual(wrong.flat().sort(), []);
});

test("A title without its full stop, a heading with one, and an it() that continues no heading are wrong.", () => {
  // Put together, or they would be titles of this file.
  const call = (what: string, title: string) => `${what}("${title}", () => {});`;
  const right = [call("test", "A race is lost."), call("describe", "npm run check"), call("  it", "is clean.")];
  assert.deepEqual(wrongIn(right.join("\n")), []);
  for (const wrong of [call("test", "a race"), call("describe", "A check."), call("it", "is clean.")])
    assert.equal(wrongIn(`${right[0]}\n${wrong}`).length, 1, wrong);
});

/** Titles that are not sentences: those of test() and it() end with a full stop, describe() begins what its it()s go on with. */
function wrongIn(source: string): string[] {
  const titles = source.matchAll(/^([ \t]*)(?:.*\b)?(test|it|describe)\(\s*(["`])((?:\\.|(?!\3)[^\\])*)\3/gm);
  return [...titles]
    .filter(([, indent, what, , title]) => {
      const isSentence = title!.endsWith(".");
      return what === "describe" ? isSentence : !isSentence || (what === "it" && indent === "");
    })
    .map(([, , what, quote, title]) => `${what}(${quote}${title}`);
}
