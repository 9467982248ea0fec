/** The last few lines of a tool's output, indented, to stand below a one-line error; "" when it printed none. */
export function lastLines(output: string, noise?: RegExp): string {
  const lines = output.split("\n").filter((line) => line.trim() && !noise?.test(line));
  return lines
    .slice(-LAST_LINES)
    .map((line) => `\n  ${line.trimEnd()}`)
    .join("");
}

/** Its last line that is not noise; "" when it printed none. */
export const lastLine = (output: string, noise?: RegExp): string =>
  lastLines(output, noise).trim().split("\n").at(-1)!.trim();

export const firstLine = (text: string): string => (text.trim().split("\n")[0] ?? "").trim();

const LAST_LINES = 6;
