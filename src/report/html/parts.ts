import { type Html, html, lines } from "../markup.ts";

/** A part of the page under its heading; null where there is nothing to show. */
export const section = (id: string, title: string, body: Html): Html | null =>
  body.text === "" ? null : html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>\n${body}\n</section>`;

/**
 * A table that a screen reader can walk: the first row and the first cell of each other row are headings.
 * @param kind its class; "losses" is wider than a phone: it scrolls by itself, with the keyboard too
 */
export function table(caption: string, [heading, ...rows]: readonly (readonly string[])[], kind = ""): Html {
  const body = rows.map(
    ([first, ...rest]) => html`<tr><th scope="row">${first!}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>`,
  );
  const scrolls = kind === "losses" ? html` role="region" tabindex="0" aria-label="${caption}"` : null;
  return html`<div class="scroll"${scrolls}><table${kind === "" ? null : html` class="${kind}"`}>
<caption>${caption}</caption>
<thead><tr>${heading!.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>
${lines(body)}
</tbody></table></div>`;
}

/** Rows become columns: two runs fit a phone side by side, their ten figures do not. */
export const turned = (rows: readonly (readonly string[])[]): string[][] =>
  rows[0]!.map((_, column) => rows.map((row) => row[column]!));
