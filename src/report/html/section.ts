import { escaped } from "../escape.ts";

/** A part of the page under its heading; "" where there is nothing to show. */
export const section = (id: string, title: string, body: string): string =>
  body === "" ? "" : `<section aria-labelledby="${id}"><h2 id="${id}">${escaped(title)}</h2>\n${body}\n</section>`;
