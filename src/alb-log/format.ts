import { type AlbEntry, FIELDS } from "./fields.ts";

/** An entry as a line of the log, in today's 34 fields. */
export function formatAlbLine(entry: AlbEntry): string {
  return FIELDS.map(({ name, quoted }) => (quoted ? `"${escaped(entry[name])}"` : entry[name])).join(" ");
}

/** A header may hold anything; a quote or a line break must not end the field. */
const escaped = (text: string): string =>
  text.replace(/["\\\p{Cc}]/gu, (mark) => `\\x${mark.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
