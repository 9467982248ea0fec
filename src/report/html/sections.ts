import type { Loss, Segment } from "../../evidence/evidence.ts";
import { escaped } from "../escape.ts";
import { measured } from "../format.ts";
import type { Picture } from "../picture/picture.ts";
import { pictureSvg } from "../picture/svg.ts";
import type { Result } from "../result.ts";
import { probeRows, runRows } from "../table.ts";
import { lossStory } from "./loss.ts";
import { REASONS_FIRST } from "./plain.ts";
import { sequenceSvg, stepsOf } from "./sequence.ts";
import { table, turned } from "./table.ts";

/** A part of the page under its heading; "" where there is nothing to show. */
export const section = (id: string, title: string, body: string): string =>
  body === "" ? "" : `<section aria-labelledby="${id}"><h2 id="${id}">${escaped(title)}</h2>\n${body}\n</section>`;

/** The signature picture twice, for a wide page and for a phone; one of them is shown. */
export function pictureSection(picture: Picture | null): string {
  if (picture === null) return "";
  const { shorterMs } = picture;
  const note =
    shorterMs === null
      ? ""
      : ` The client counts from one answer to the next request; for the server the same silence is ${measured(shorterMs)} longer, by what the exchange itself takes.`;
  return section(
    "picture",
    "When a request is lost",
    `<figure>
<div class="wide">${pictureSvg(picture, { id: "wide", width: 900 })}</div>
<div class="narrow">${pictureSvg(picture, { id: "narrow", width: 340 })}</div>
<figcaption>Each mark is one request, placed at the time for which its connection had been idle. ${escaped(bandNote(picture) + note)}</figcaption>
</figure>`,
  );
}

const bandNote = ({ band, rows }: Picture): string =>
  band === null
    ? ""
    : rows.some(({ lost }) => lost > 0)
      ? "Within one round trip of the hang-up the load balancer cannot know of it yet: what it sends then is lost. Where that begins is known to about half a millisecond."
      : "";

/** The runs side by side with their intervals, and the reasons of the verdict; of a probe what it measured. */
export function numbersSection(result: Result): string {
  const tables = [
    result.runs.length > 0
      ? table(CAPTION, turned(runRows(result)), "figures runs")
      : result.command === "probe" || result.probe.connections > 0
        ? table("What the probe measured", turned(probeRows(result)), "figures")
        : "",
  ];
  const reasons = result.reasons.slice(result.verdict === "inconclusive" ? REASONS_FIRST : 0);
  const list = reasons.length > 0 ? `<ul>${reasons.map((reason) => `<li>${escaped(reason)}</li>`).join("")}</ul>` : "";
  return section("numbers", "The numbers", `${tables.join("")}${list}`);
}

const CAPTION =
  "Requests counted. In window: sent when the hang-up was expected, settled before sending. The interval holds with 95 % confidence.";

/** One lost request told step by step, then the segments of all three outcomes. */
export function timelineSection(result: Result): string {
  const story = lossStory(result);
  if (story === null) return "";
  const steps = stepsOf(story);
  const items = steps.map(
    ({ text, leavesMs, arrivesMs }) =>
      `<li>${escaped(text)}<br><span class="num">${inMs(leavesMs)} to ${inMs(arrivesMs)} ms</span></li>`,
  );
  const why = result.runs.map(({ evidence }) => evidence?.why).find((one) => one);
  const source = story.captured
    ? "As captured on the server’s side of the network; the load balancer’s times are reckoned from the round trip, the client’s way is drawn short."
    : `${why ?? "The packets of this run were not captured."} So this is drawn from the round trip of ${measured(story.rttMs)} and the measured idle time; the moment of the request within that round trip is an example.`;
  const who = story.requestId === null ? "" : `Request <code>${escaped(story.requestId)}</code>. `;
  return section(
    "timeline",
    "One lost request, step by step",
    `<div class="story">${sequenceSvg(story, steps)}
<div><ol class="steps">${items.join("\n")}</ol><p class="note">${who}0 ms: the first segment after the silence, at the server. ${escaped(source)}</p></div></div>
${segmentTables(result)}`,
  );
}

const inMs = (ms: number): string => (Math.round(ms * 1000) / 1000 + 0).toFixed(3);

function segmentTables({ runs }: Result): string {
  const capture = runs.map(({ evidence }) => evidence?.capture).find((one) => one);
  if (!capture) return "";
  const tables = (["lost", "own", "fresh"] as const).flatMap((outcome) => {
    const segments = capture.examples[outcome];
    return segments === null
      ? []
      : [table(SEGMENTS[outcome], [SEGMENT_HEADING, ...segments.map(segmentRow)], "segments")];
  });
  const { k6, lb, wire502, resets } = capture.counts;
  return `<h3>The segments on the wire</h3>
<p>${escaped(`Lost requests, counted four times: ${k6} by k6, ${lb} in the load balancer’s log; on the wire ${wire502} answers 502 and ${resets} requests answered by a reset. ${capture.packets} packets, captured by ${capture.by}.`)}</p>
<div class="side">${tables.join("\n")}</div>`;
}

const SEGMENTS = {
  lost: "A lost request",
  own: "One answered on its idle connection",
  fresh: "One answered on a new connection",
};

const SEGMENT_HEADING = ["ms", "from", "flags, bytes", "what it is"];

const segmentRow = ({ atMs, from, flags, length, what }: Segment): string[] => [
  inMs(atMs),
  from === "lb" ? "LB" : "server",
  length > 0 ? `${flags}, ${length}` : flags,
  what,
];

/** Every lost request with its explanation; folded where there are many. */
export function lossesSection({ runs }: Result): string {
  const parts = runs.flatMap(({ name, evidence }) => {
    if (!evidence || evidence.losses.length === 0) return [];
    const { losses } = evidence;
    const open = losses.filter(({ explanation }) => explanation === null).length;
    const title = `${name}: ${losses.length} lost, ${losses.length - open} explained${open > 0 ? `, ${open} not` : ""}`;
    const rows = table(`Lost requests of the run ${name}`, [LOSS_HEADING, ...losses.map(lossRow)], "losses");
    return [
      `<details${losses.length <= FEW || open > 0 ? " open" : ""}><summary>${escaped(title)}</summary>${rows}</details>`,
    ];
  });
  return section("losses", "Every lost request explained", parts.join("\n"));
}

const FEW = 5;

const LOSS_HEADING = ["request", "idle for", "closed by", "hang-up to request", "seen by the app", "explanation"];

const lossRow = ({ requestId, idleMs, closedBy, afterFinMs, seenByApp, explanation }: Loss): string[] => [
  requestId,
  idleMs === null ? "-" : `${idleMs.toFixed(1)} ms`,
  closedBy === "target" ? "server" : closedBy,
  afterFinMs === null ? "-" : `${afterFinMs.toFixed(3)} ms`,
  seenByApp === null ? "-" : seenByApp ? "yes" : "no",
  explanation ?? "NOT EXPLAINED",
];

/** Lines of the logs that a run wrote, to be held against one's own. */
export interface LogExcerpt {
  /** As an ALB would have written them: of a lost request, and of a good one. */
  albLines: readonly string[];
  /** The target's own, of the same requests: a lost one has none. */
  targetLines: readonly string[];
}

/** The ALB's lines beside the target's. */
export function logsSection(logs: LogExcerpt | null): string {
  if (logs === null || logs.albLines.length === 0) return "";
  const target = logs.targetLines.length > 0 ? logs.targetLines.map(escaped).join("\n") : "(no line)";
  return section(
    "logs",
    "What to look for in your logs",
    `<p>A lost request has <code>502 -</code> in the load balancer’s log: its own status 502, and none of the server. In the server’s log it has no line.</p>
<h3>The load balancer’s access log, as an ALB writes it</h3>
<pre>${logs.albLines.map(marked).join("\n")}</pre>
<h3>The server’s own log of the same requests</h3>
<pre>${target}</pre>`,
  );
}

const marked = (line: string): string => escaped(line).replace(/ (502 -) /, " <mark>$1</mark> ");

/** For somebody who wants to see it happen, and to know with what it did. */
export function settingsSection({ versions, settings, startedAt, durationMs }: Result, command: string): string {
  const list = (entries: Record<string, unknown>) =>
    Object.entries(entries).map(([name, value]) => [
      name,
      `${Array.isArray(value) ? value.join(", ") : (value ?? "")}` || "-",
    ]);
  return section(
    "reproduce",
    "See it for yourself",
    `<pre>${escaped(command)}</pre>
<p>Run on ${escaped(startedAt.replace("T", " ").replace(/\.\d+Z$/, " UTC"))}, ${(durationMs / 1000).toFixed(0)} s.${command.includes("…") ? " Header values and bodies are not kept: put yours in place of …" : ""}</p>
<div class="side">${table("Versions", [["part", "version"], ...list(versions)])}${table("Settings", [["option", "value"], ...list(settings)])}</div>`,
  );
}
