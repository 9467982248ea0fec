const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/**
 * Text that stays text in HTML, SVG and XML, in an attribute between double quotes too. Drops what XML 1.0 (2.2) has no
 * way to write, not even escaped: control characters and unpaired surrogates.
 */
export function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "")
    .replace(/[&<>"]/g, (mark) => ENTITIES[mark]!);
}
