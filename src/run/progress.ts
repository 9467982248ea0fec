import { styleText } from "node:util";

/** Where a command tells people what it does. Plain lines; never on standard output when that carries `--json`. */
export interface Progress {
  line(text: string): void;
  /** A line that replaces itself on a terminal (a countdown) and is not printed elsewhere. */
  transient(text: string): void;
  /** Colours for this stream; the identity function off a TTY or under NO_COLOR (https://no-color.org). */
  paint(style: Parameters<typeof styleText>[0], text: string): string;
}

/** Progress on a stream: standard error under `--json`, else standard output. */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  const live = stream.isTTY === true;
  const colour = live && !process.env.NO_COLOR;
  const clear = live ? "\r\u001b[2K" : "";
  return {
    line: (text) => void stream.write(`${clear}${text}\n`),
    transient: (text) => {
      if (live) stream.write(`${clear}${text}`);
    },
    paint: (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text),
  };
}
