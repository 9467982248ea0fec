import { INDEX } from "../alb-log/fields.ts";
import { createForms } from "../alb-log/forms.ts";
import { mayBe5xx } from "../alb-log/parse.ts";
import { createSplit, rawField } from "../alb-log/split.ts";
import { createBounded } from "./bounded.ts";
import { causeOf, type Kind } from "./cause.ts";
import { createClock } from "./clock.ts";
import { type Failure, LOOK_AT, newCause, newCounts, newTarget, type Tally, type TargetTally } from "./counts.ts";
import { AT_END_MS, leftByDeploy } from "./deploy.ts";
import { HOUR_LENGTH } from "./hour.ts";
import { addPart, type Part, partOf } from "./part.ts";
import { createQuick } from "./quick.ts";
import { redacted } from "./redact.ts";
import { routeOf } from "./route.ts";
import { createTraffic } from "./traffic.ts";

/** Reads lines one by one; its memory does not grow with their number. */
export interface Reader {
  /** @param number of the line in its file, from 1 */
  read(line: string, file: string, number: number): void;
  /** The same for the bytes of a line, latin1, which takes a tenth of the time where it is an ordinary one. */
  readBytes(bytes: Buffer, start: number, end: number, file: string, number: number): void;
  /** What it has read so far, as another thread may be sent it. Call it instead of `end`. */
  part(): Part;
  /** Adds what another reader read: of later files than this one's. */
  add(part: Part): void;
  /** Call once, after the last line. */
  end(): Tally;
}

export function createReader(): Reader {
  const split = createSplit();
  const timeAt = createClock();
  const tally: Tally = {
    lines: 0,
    requests: 0,
    malformed: 0,
    maybe5xx: 0,
    cutOff: 0,
    otherLogs: new Map(),
    malformedQuotes: [],
    firstMs: Number.POSITIVE_INFINITY,
    lastMs: Number.NEGATIVE_INFINITY,
    causes: new Map(),
    targets: createBounded(KEPT, newTarget),
    hours: createBounded(HOURS, newCounts),
    routes: createBounded(KEPT, newCounts),
    traffic: createTraffic(),
  };
  const quick = createQuick(tally);
  let pending = 0;
  let [now, forms] = ["", createForms()];

  const malformed = (line: string, file: string, number: number, reason: string) => {
    tally.malformed += 1;
    if (mayBe5xx(line)) tally.maybe5xx += 1;
    if (tally.malformedQuotes.length >= QUOTES) return;
    tally.malformedQuotes.push({ file, line: number, reason: redacted(reason), text: redacted(line).slice(0, 200) });
  };

  const settle = ({ cause, atMs, counts, quote }: Failure, kind: Kind) => {
    const all = tally.causes.get(kind) ?? newCause();
    tally.causes.set(kind, all);
    all.count += 1;
    all.sure[cause.sure] += 1;
    all.firstMs = Math.min(all.firstMs, atMs);
    all.lastMs = Math.max(all.lastMs, atMs);
    if (cause.heldS !== null) {
      const ms = Math.min(10_000, Math.round(cause.heldS * 1000));
      all.heldMs.set(ms, (all.heldMs.get(ms) ?? 0) + 1);
    }
    for (const each of counts) each.failed[kind] = (each.failed[kind] ?? 0) + 1;
    if (quote && all.quotes.length < QUOTES) all.quotes.push(quote);
  };

  /** Settles failures that cannot belong to the target's end: too long before its last request, or more than fit. */
  const settleOld = (target: TargetTally) => {
    const fromMs = target.lastMs - AT_END_MS;
    const room = pending > PENDING ? Math.floor(target.pending.length / 2) : 0;
    const old = target.pending.filter(({ atMs }, i) => atMs < fromMs || i < room);
    target.pending = target.pending.filter(({ atMs }, i) => atMs >= fromMs && i >= room);
    // Not at every failure: each check goes through all of them.
    target.lookAt = Math.max(LOOK_AT, 2 * target.pending.length);
    pending -= old.length;
    target.failedBefore += old.length;
    for (const failure of old) settle(failure, failure.cause.kind);
  };

  const read: Reader["read"] = (text, file, number) => {
    if (text.length === 0 || text === "\r") return;
    if (file !== now) [now, forms] = [file, createForms()];
    for (const form of forms.read(text, split)) {
      if (form === null) continue;
      tally.lines += 1;
      if ("malformed" in form) malformed(text, file, number, form.malformed);
      else if ("other" in form) tally.otherLogs.set(form.other, (tally.otherLogs.get(form.other) ?? 0) + 1);
      else {
        if (form.cutOff) tally.cutOff += 1;
        count(form.line, file, number);
      }
    }
  };

  /** A request's line, which `split` belongs to. */
  const count: Reader["read"] = (line, file, number) => {
    const atMs = timeAt(line, split.starts[INDEX.time]!);
    if (Number.isNaN(atMs)) return malformed(line, file, number, "its time cannot be read");
    tally.requests += 1;
    if (atMs < tally.firstMs) tally.firstMs = atMs;
    if (atMs > tally.lastMs) tally.lastMs = atMs;

    const target = tally.targets.get(rawField(line, split, INDEX["target:port"]));
    if (line.charCodeAt(split.starts[INDEX["target:port"]]!) !== DASH) tally.traffic.count(atMs);
    const hour = tally.hours.get(line.slice(split.starts[INDEX.time], split.starts[INDEX.time]! + HOUR_LENGTH));
    const route = tally.routes.get(routeOf(rawField(line, split, INDEX.request)));
    for (const counts of [target, hour, route]) counts.requests += 1;
    if (atMs < target.firstMs) target.firstMs = atMs;
    if (atMs > target.lastMs) target.lastMs = atMs;
    if (line.charCodeAt(split.starts[INDEX.target_status_code]!) !== DASH) target.answered += 1;

    const cause = causeOf(line, split);
    if (cause === null) return;
    const wanted = (tally.causes.get(cause.kind)?.count ?? 0) < QUOTES || target.pending.length < QUOTES;
    const quote = wanted ? { file, line: number, text: redacted(line) } : null;
    const failure = { cause, atMs, counts: [target, hour, route], quote };
    if (!MAY_BE_DEPLOY.has(cause.kind) || target === tally.targets.others()) return settle(failure, cause.kind);
    target.pending.push(failure);
    pending += 1;
    if (target.pending.length >= target.lookAt || pending > PENDING) settleOld(target);
  };

  return {
    read,
    readBytes(bytes, start, end, file, number) {
      const ordinary = (file !== now || !forms.named()) && quick(bytes, start, end);
      if (!ordinary) read(bytes.toString("latin1", start, end), file, number);
    },
    part: () => partOf(tally),
    add(part) {
      for (const { target, failures } of addPart(tally, part, QUOTES)) {
        if (target === tally.targets.others()) {
          for (const failure of failures) settle(failure, failure.cause.kind);
          continue;
        }
        target.pending.push(...failures);
        pending += failures.length;
        settleOld(target);
      }
    },
    end() {
      for (const [, target] of tally.targets.entries()) {
        settleOld(target);
        const left = leftByDeploy({ ...target, failedAtEnd: target.pending.length }, tally.traffic);
        for (const failure of target.pending) settle(failure, left ? "deploy" : failure.cause.kind);
      }
      return tally;
    },
  };
}

/** Limits on the targets and routes that are told apart, and on the lines shown of each cause. */
const KEPT = 1000;
const QUOTES = 5;

/** A year and a bit. */
const HOURS = 10_000;

/** All targets together; some 10 MB. */
const PENDING = 50_000;

const MAY_BE_DEPLOY: ReadonlySet<Kind> = new Set<Kind>(["race", "closed", "connect"]);

const DASH = "-".charCodeAt(0);
