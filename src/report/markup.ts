/**
 * Markup that is written as it is: everything from outside in it is escaped. Whoever makes one by hand vouches for its
 * text.
 */
export class Html {
  constructor(readonly text: string) {}
}

type Content = string | number | Html | null | readonly Content[];

/**
 * HTML or SVG from a template. Texts and numbers in it are escaped, for an attribute between double quotes too; markup,
 * alone or in a list, is not; null is empty.
 */
export const html = (literals: TemplateStringsArray, ...contents: Content[]): Html =>
  new Html(String.raw({ raw: literals }, ...contents.map(written)));

function written(content: Content): string {
  if (content === null) return "";
  if (content instanceof Html) return content.text;
  return typeof content === "object" ? content.map(written).join("") : escaped(`${content}`);
}

/** Each part on its own line. */
export const lines = (parts: readonly (Html | null)[]): Html =>
  new Html(parts.flatMap((part) => (part === null ? [] : [part.text])).join("\n"));

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/**
 * Text that stays text in HTML, SVG and XML, in an attribute between double quotes too. Drops what XML 1.0 (2.2)
 * cannot hold, not even escaped: control characters and unpaired surrogates.
 */
export function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "")
    .replace(/[&<>"]/g, (mark) => ENTITIES[mark]!);
}

/** Text that stays in its Markdown line and table cell, whatever it holds; GitHub renders `<` as HTML. */
export const cell = (text: string): string => text.replace(/\s+/g, " ").replace(/[\\|<`*_[\]]/g, (mark) => `\\${mark}`);
