/** A header is the target's own text: one line of it, without control characters, which a terminal would obey. */
export const printable = (text: string | null): string => (text ?? "").replace(/[^\x20-\x7e]/g, "?").slice(0, 60);
