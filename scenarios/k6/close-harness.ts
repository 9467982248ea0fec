import http from "k6/http";
import type { AttemptReport, IdleAnswer, IdleReport, TurnAnswer } from "../lib/close-protocol.ts";
import type { RequestAnswer } from "../lib/harness-protocol.ts";
import type { CloseOptions } from "../lib/options.ts";
import type { harnessParams } from "./harness-params.ts";

/** The harness as one user meets it: each answer comes when there is something to do, however long that takes. */
export interface CloseHarness {
  request(): RequestAnswer;
  turn(): TurnAnswer;
  idle(report: IdleReport): IdleAnswer;
  report(attempt: AttemptReport): void;
}

/** @param params harnessParams() */
export function closeHarness(
  { harnessUrl, runName }: Pick<CloseOptions, "harnessUrl" | "runName">,
  user: number,
  params: ReturnType<typeof harnessParams>,
): CloseHarness {
  const ask = (path: string, said: unknown): unknown => {
    const url = `${harnessUrl}/${path}?run=${runName}&user=${user}`;
    const response = http.post(url, JSON.stringify(said), params);
    if (response.status !== 200) throw new Error(`the harness answered ${response.status} to ${path}`);
    return response.json();
  };
  return {
    request: () => ask("request", {}) as RequestAnswer,
    turn: () => ask("turn", {}) as TurnAnswer,
    idle: (report) => ask("idle", report) as IdleAnswer,
    report: (attempt) => void ask("attempt", attempt),
  };
}
