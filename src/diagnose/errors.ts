import { INDEX } from "../alb-log/fields.ts";
import { createForms } from "../alb-log/forms.ts";
import { readLine } from "../alb-log/parse.ts";
import { createSplit, rawField } from "../alb-log/split.ts";
import { type Cause, causeOf } from "./cause.ts";
import { createClock } from "./clock.ts";
import { completed } from "./cut-off.ts";
import type { wantedBy } from "./filter.ts";
import { shownName } from "./redact.ts";
import { routeOf } from "./route.ts";

/** A 5xx as it may be shown; "" where the line has no value. */
export interface ErrorLine extends Pick<Cause, "kind" | "sure"> {
  time: string;
  elbStatus: string;
  targetStatus: string;
  target: string;
  method: string;
  route: string;
  /** As they are written, s: request, target, response. */
  times: readonly string[];
  reason: string;
}

/**
 * Reads lines one by one, in every form that createReader reads, and keeps none. Each is judged by itself: what only the
 * whole log tells, that it was a deploy or that no race comes so often, is not known yet.
 * @param wanted as createReader's
 * @returns the errors in a line: of JSON there may be several
 */
export function createErrors(wanted: ReturnType<typeof wantedBy> = null): (line: string, file: string) => ErrorLine[] {
  const split = createSplit();
  const timeAt = createClock();
  let [now, forms] = ["", createForms()];

  const errorIn = (line: string): ErrorLine | null => {
    const cause = causeOf(line, split);
    const atMs = timeAt(line, split.starts[INDEX.time]!);
    if (cause === null || Number.isNaN(atMs)) return null;
    const field = (name: keyof typeof INDEX) => rawField(line, split, INDEX[name]);
    const route = routeOf(field("request"));
    if (wanted !== null && !wanted(atMs, field("target:port"), route)) return null;
    const shown = (text: string) => (text === "-" ? "" : shownName(text));
    return {
      kind: cause.kind,
      sure: cause.sure,
      time: shown(field("time")),
      elbStatus: shown(field("elb_status_code")),
      targetStatus: shown(field("target_status_code")),
      target: shown(field("target:port")),
      method: /^[A-Z]{1,20}(?= )/.exec(field("request"))?.[0] ?? "",
      route: shown(route),
      times: TIMES.map((name) => shown(field(name))),
      reason: shown(field("error_reason")),
    };
  };

  return (text, file) => {
    if (file !== now) [now, forms] = [file, createForms()];
    const errors: ErrorLine[] = [];
    for (const form of forms.read(text, split)) {
      let line = form !== null && "line" in form ? form.line : null;
      if (form !== null && "malformed" in form) {
        line = completed(text);
        if (line !== null && readLine(line, split) !== null) line = null;
      }
      const error = line === null ? null : errorIn(line);
      if (error !== null) errors.push(error);
    }
    return errors;
  };
}

const TIMES = ["request_processing_time", "target_processing_time", "response_processing_time"] as const;
