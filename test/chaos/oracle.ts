import type { Command, Fault, Outcome, Truth } from "./fault.ts";
import type { Seen } from "./play.ts";

/** Something that must not be. */
export interface Finding {
  kind: "wrong verdict" | "unexpected end" | "hang" | "leftover" | "stack trace" | "no reason" | "disagreement";
  /** In words, on one line. */
  what: string;
}

/** A run, judged. */
export interface Judged {
  outcome: Outcome | "hung" | `exit ${number | null}`;
  findings: readonly Finding[];
}

/** Holds what was seen of one run against what is allowed of it. */
export function judge(fault: Fault, seen: Seen): Judged {
  const told = verdictIn(seen.stdout);
  const outcome = outcomeOf(fault.command, seen, told);
  const findings: Finding[] = [];
  const find = (kind: Finding["kind"], what: string) => void findings.push({ kind, what });

  const truth = truthOf(fault);
  if (isWrong(outcome, truth)) find("wrong verdict", `${outcome}, where ${describe(fault)}`);
  else if (seen.hung) find("hang", `it had not ended after ${Math.round(seen.tookMs / 1000)} s`);
  else if (!allowedOf(fault, seen).includes(outcome as Outcome)) {
    find("unexpected end", `${outcome}, where ${allowedOf(fault, seen).join(" or ")} was expected`);
  }
  for (const left of [...seen.left, ...leftOnDisk(seen.stderr)]) find("leftover", left);
  const stack = STACK.exec(seen.stderr);
  if (stack) find("stack trace", stack[0].trim().slice(0, 200));
  if (outcome === "refused" && !fault.around?.mute && !/^alb502: \S/m.test(seen.stderr)) {
    find("no reason", "exit 2 without a line that says why");
  }
  if (told === null && (seen.code === 0 || seen.code === 1) && !fault.around?.mute) {
    find("no reason", `exit ${seen.code} without a result`);
  }
  if (told !== null && !agrees(told, seen.code)) find("disagreement", `it says ${told}, with exit ${seen.code}`);
  const kept = seen.kept === null ? null : verdictIn(seen.kept);
  if (seen.kept !== null && kept === null) find("disagreement", "what --out kept is no whole result");
  if (kept !== null && isWrong(kept as Outcome, truth))
    find("wrong verdict", `--out kept ${kept}, where ${describe(fault)}`);
  if (kept !== null && told !== null && kept !== told) find("disagreement", `it says ${told}, --out kept ${kept}`);
  return { outcome, findings };
}

/** The verdicts that are right for what is true. */
export function rightFor(command: Command, truth: Truth): Outcome[] {
  const right = { loses: RIGHT[command].loses, keeps: RIGHT[command].keeps, unknowable: [], either: [] };
  return truth === "either" ? [...right.loses, ...right.keeps] : right[truth];
}

/** Whether it says the contrary of what is true. */
export function isWrong(outcome: Judged["outcome"], truth: Truth): boolean {
  if (truth === "either") return false;
  const says = SAYS_SAFE.has(outcome) ? "keeps" : SAYS_LOST.has(outcome) ? "loses" : null;
  return says !== null && says !== truth;
}

/** What is true of the fault's target or log; a demo's unfixed target loses. */
export const truthOf = ({ target, log }: Fault): Truth => target?.truth ?? log?.truth ?? "loses";

const RIGHT: Record<Command, { loses: Outcome[]; keeps: Outcome[] }> = {
  probe: { loses: ["vulnerable"], keeps: ["safe"] },
  check: { loses: ["lost", "vulnerable"], keeps: ["clean"] },
  demo: { loses: ["reproduced"], keeps: [] },
  up: { loses: ["interrupted"], keeps: ["interrupted"] },
  diagnose: { loses: ["race", "errors"], keeps: ["clean"] },
};

const SAYS_SAFE = new Set<string>(["safe", "clean", "not-reproduced"]);
const SAYS_LOST = new Set<string>(["vulnerable", "lost", "reproduced", "race", "errors"]);

/** What nobody did to it is no reason for another end than the right one. */
const allowedOf = ({ allowed, deeds = [], command, ...fault }: Fault, { done }: Seen): readonly Outcome[] =>
  done < deeds.length ? [...allowed, ...rightFor(command, truthOf({ allowed, command, ...fault }))] : allowed;

function outcomeOf(command: Command, { code, signal, hung }: Seen, told: string | null): Judged["outcome"] {
  if (hung) return "hung";
  // One more Ctrl-C while Node is ending, everything stopped and its handlers gone: a shell says 130 to both.
  if (signal === "SIGINT" && code === null) return "interrupted";
  if (signal !== null) return "killed";
  if (code === 130) return "interrupted";
  if (code === 2) return "refused";
  if (code === 3) return "inconclusive";
  if (code !== 0 && code !== 1) return `exit ${code}`;
  if (told !== null) return told as Outcome;
  const { loses, keeps } = RIGHT[command];
  if (command === "demo") return code === 0 ? "reproduced" : "not-reproduced";
  return (code === 0 ? keeps : loses)[0]!;
}

/** The verdict of a result.json or diagnosis.json; null where the text is none, or cut off. */
function verdictIn(text: string): string | null {
  try {
    const { verdict } = JSON.parse(text) as { verdict?: unknown };
    return typeof verdict === "string" ? verdict : null;
  } catch {
    return null;
  }
}

function agrees(told: string, code: number | null): boolean {
  if (code === 0) return ["safe", "clean", "reproduced"].includes(told);
  if (code === 1) return ["vulnerable", "lost", "race", "errors", "not-reproduced", "fix-failed"].includes(told);
  if (code === 3) return told === "inconclusive";
  return true; // 2: the result was told before something failed; 130: up, whose usual end that is
}

/** Node's own: of an error that nobody caught, or a warning that nobody should see. */
const STACK = /^.*\n {4}at .*:\d+:\d+\)?$|^\(node:\d+\) .*$|^node:internal.*$/m;

/** As a small disk lists it, see faults/surroundings.ts. */
const leftOnDisk = (stderr: string): string[] =>
  [...stderr.matchAll(/^left: (.*)$/gm)].map(([, name]) => `on the small disk: ${name}`);

function describe({ target, log }: Fault): string {
  return target?.what ?? log?.what ?? "the demo's unfixed target closes first";
}
