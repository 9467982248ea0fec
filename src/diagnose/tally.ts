import { INDEX } from "../alb-log/fields.ts";
import { createForms } from "../alb-log/forms.ts";
import { readLine } from "../alb-log/parse.ts";
import { createSplit, rawField } from "../alb-log/split.ts";
import { createBounded, keptKey } from "./bounded.ts";
import { causeOf, type Kind } from "./cause.ts";
import { cellKey, createCells } from "./cells.ts";
import { createClock } from "./clock.ts";
import {
  addFailure,
  type Failure,
  LOOK_AT,
  newCause,
  newCounts,
  newTarget,
  QUOTES,
  type Tally,
  type TargetTally,
} from "./counts.ts";
import { completed, looksLikeError } from "./cut-off.ts";
import { AT_END_MS, leftByDeploy } from "./deploy.ts";
import type { wantedBy } from "./filter.ts";
import { HOUR_LENGTH } from "./hour.ts";
import { addPart, type Part, partOf } from "./part.ts";
import { createQuick } from "./quick.ts";
import { redacted } from "./redact.ts";
import { routeOf } from "./route.ts";
import { createTraffic, MINUTE_MS } from "./traffic.ts";

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

/** A request's line, which the reader's split belongs to. */
interface Countable {
  line: string;
  /** As it may be quoted. */
  text: string;
  file: string;
  number: number;
  /** Whether it ends too early. */
  cutOff: boolean;
  /** Whether something was before it, as grep puts it there. */
  prefixed: boolean;
}

/** @param wanted tells which requests count, by time, target and route; null: all do */
export function createReader(wanted: ReturnType<typeof wantedBy> = null): Reader {
  const split = createSplit();
  const timeAt = createClock();
  const traffic = createTraffic();
  const tally: Tally = {
    lines: 0,
    requests: 0,
    malformed: 0,
    malformedErrors: 0,
    cutOff: 0,
    leftOut: 0,
    sample: { looked: 0, greppable: 0 },
    grepped: 0,
    otherLogs: new Map(),
    malformedQuotes: [],
    firstMs: Number.POSITIVE_INFINITY,
    lastMs: Number.NEGATIVE_INFINITY,
    causes: new Map(),
    cells: createCells(),
    traffic,
    targets: createBounded(KEPT, newTarget),
    hours: createBounded(HOURS, newCounts),
    routes: createBounded(KEPT, newCounts),
  };
  const quick = createQuick(tally);
  let [pending, quotes] = [0, 0];
  let [now, forms] = ["", createForms()];

  const malformed = (line: string, file: string, number: number, reason: string) => {
    tally.malformed += 1;
    if (looksLikeError(line)) tally.malformedErrors += 1;
    if (tally.malformedQuotes.length >= QUOTES) return;
    tally.malformedQuotes.push({ file, line: number, reason: redacted(reason), text: redacted(line).slice(0, 200) });
  };

  const settle = (failure: Failure, kind: Kind) => {
    const { counts, quote } = failure;
    const all = tally.causes.get(kind) ?? newCause();
    tally.causes.set(kind, all);
    addFailure(all, failure);
    for (const each of counts) each.failed[kind] = (each.failed[kind] ?? 0) + 1;
    if (quote && all.quotes.length < QUOTES) all.quotes.push(quote);
    if (kind === "own") return;
    const { target, route, atMs } = failure;
    const cell = tally.cells.get(cellKey({ kind, target, route, minute: Math.floor(atMs / MINUTE_MS) }));
    addFailure(cell, failure);
    cell.quote ??= quote;
  };

  /** A grep for errors finds requests without one, too, where a size looks like a status. */
  const look = (line: string) => {
    tally.sample.looked += 1;
    if (/ 50\d /.test(line)) tally.sample.greppable += 1;
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
      if ("other" in form) tally.otherLogs.set(form.other, (tally.otherLogs.get(form.other) ?? 0) + 1);
      else if ("line" in form) count({ ...form, text: form.line, file, number, cutOff: false });
      else {
        const line = completed(text);
        const isRead = line !== null && readLine(line, split) === null;
        if (isRead) count({ line, text, file, number, cutOff: true, prefixed: false });
        else malformed(text, file, number, form.malformed);
      }
    }
  };

  const count = ({ line, text, file, number, cutOff, prefixed }: Countable) => {
    const atMs = timeAt(line, split.starts[INDEX.time]!);
    if (Number.isNaN(atMs)) return malformed(text, file, number, "its time cannot be read");
    const targetName = rawField(line, split, INDEX["target:port"]);
    const routeName = routeOf(rawField(line, split, INDEX.request));
    if (wanted !== null && !wanted(atMs, targetName, routeName)) {
      tally.leftOut += 1;
      return;
    }
    if (cutOff) tally.cutOff += 1;
    if (prefixed) tally.grepped += 1;
    tally.requests += 1;
    if (atMs < tally.firstMs) tally.firstMs = atMs;
    if (atMs > tally.lastMs) tally.lastMs = atMs;

    const target = tally.targets.get(targetName);
    if (line.charCodeAt(split.starts[INDEX["target:port"]]!) !== DASH) traffic.count(atMs);
    const hour = tally.hours.get(line.slice(split.starts[INDEX.time], split.starts[INDEX.time]! + HOUR_LENGTH));
    const route = tally.routes.get(routeName);
    for (const counts of [target, hour, route]) counts.requests += 1;
    if (atMs < target.firstMs) target.firstMs = atMs;
    if (atMs > target.lastMs) target.lastMs = atMs;
    if (line.charCodeAt(split.starts[INDEX.target_status_code]!) !== DASH) target.answered += 1;

    const cause = causeOf(line, split);
    if (cause === null) {
      if (tally.sample.looked < SAMPLE) look(line);
      return;
    }
    const quoted =
      (tally.causes.get(cause.kind)?.count ?? 0) < QUOTES || target.pending.length < QUOTES || quotes < FIRST_QUOTES;
    if (quoted) quotes += 1;
    const quote = quoted ? { file, line: number, text: redacted(text) } : null;
    const failure = {
      cause,
      atMs,
      target: keptKey(targetName),
      route: keptKey(routeName),
      counts: [target, hour, route],
      quote,
    };
    if (!MAY_BE_DEPLOY.has(cause.kind) || target === tally.targets.others()) return settle(failure, cause.kind);
    target.pending.push(failure);
    pending += 1;
    if (target.pending.length >= target.lookAt || pending > PENDING) settleOld(target);
  };

  return {
    read,
    readBytes(bytes, start, end, file, number) {
      const mayBeOrdinary = wanted === null && tally.sample.looked >= SAMPLE && !(file === now && forms.named());
      if (mayBeOrdinary && quick(bytes, start, end)) return;
      read(bytes.toString("latin1", start, end), file, number);
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

/** Limit on the targets and on the routes that are told apart. */
const KEPT = 1000;

/** Requests without an error; enough to see whether there are others than a grep finds. */
const SAMPLE = 200;

/** The first failures are quoted, whatever cause their group turns out to have. */
const FIRST_QUOTES = 500;

/** A year and a bit. */
const HOURS = 10_000;

/** All targets together; some 10 MB. */
const PENDING = 50_000;

const MAY_BE_DEPLOY: ReadonlySet<Kind> = new Set<Kind>(["race", "closed", "connect"]);

const DASH = "-".charCodeAt(0);
