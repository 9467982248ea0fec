import { escaped } from "../escape.ts";

/**
 * A table that a screen reader can walk: the first row is of headings, the first cell of each other row is its heading.
 * @param kind "losses" is wider than a phone: it scrolls in itself, with the keyboard too
 */
export function table(caption: string, [heading, ...rows]: readonly (readonly string[])[], kind = ""): string {
  const head = heading!.map((cell) => `<th scope="col">${escaped(cell)}</th>`).join("");
  const body = rows.map(
    ([first, ...rest]) =>
      `<tr><th scope="row">${escaped(first!)}</th>${rest.map((cell) => `<td>${escaped(cell)}</td>`).join("")}</tr>`,
  );
  const scrolls = kind === "losses" ? ` role="region" tabindex="0" aria-label="${escaped(caption)}"` : "";
  return `<div class="scroll"${scrolls}><table${kind && ` class="${kind}"`}>
<caption>${escaped(caption)}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body.join("\n")}
</tbody></table></div>`;
}

/** Rows become columns: two runs fit a phone side by side, their ten figures do not. */
export const turned = (rows: readonly (readonly string[])[]): string[][] =>
  rows[0]!.map((_, column) => rows.map((row) => row[column]!));
