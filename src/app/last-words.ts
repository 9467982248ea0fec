import type { Exit } from "../run/process.ts";
import type { Run } from "../run/run.ts";
import { fitToShow, type UserCommand } from "./user-command.ts";

/** What the app said last, for people. */
export function tellTail({ line }: Run["progress"], command: UserCommand): void {
  const lines = command.tail().slice(-TOLD_LINES);
  if (lines.length > 0) line("the app's last lines:");
  for (const one of lines) line(`  | ${one}`);
}

const TOLD_LINES = 20;

/** The line that says most, for an error of one line. */
export function because(command: UserCommand): string {
  const lines = command.tail();
  const words =
    lines.findLast((line) => THROWN.test(line)) ?? lines.findLast((line) => ERROR.test(line)) ?? lines.at(-1);
  return words === undefined ? ", without a word" : `: ${fitToShow(words.trim()).slice(0, 160)}`;
}

/** As Node, Python and Java put it; and as logs do, but for what npm says of its script. */
const THROWN = /^(?:Uncaught |Caused by: )*[\w.]*(?:Error|Exception)\b/;
const ERROR = /^(?!npm ).*error\b/i;

/** "exit code 1", or the signal. */
export const howItEnded = ({ code, signal }: Exit): string => signal ?? `exit code ${code}`;
