import type { Loss, Segment } from "../../record/evidence.ts";
import type { Result } from "../../record/result.ts";
import { measured } from "../../record/units.ts";
import { type Html, html, lines } from "../markup.ts";
import { lossStory } from "./loss.ts";
import { section, table } from "./parts.ts";
import { sequenceSvg, stepsOf } from "./sequence.ts";

/** One lost request told step by step, then the segments of all three outcomes. */
export function timelineSection(result: Result): Html | null {
  const story = lossStory(result);
  if (story === null) return null;
  const steps = stepsOf(story);
  const items = steps.map(
    ({ text, leavesMs, arrivesMs }) =>
      html`<li>${text}<br><span class="num">${inMs(leavesMs)} to ${inMs(arrivesMs)} ms</span></li>`,
  );
  const why = result.runs.map(({ evidence }) => evidence?.why).find((one) => one);
  const source = story.captured
    ? "Captured on the server’s side of the network; the load balancer’s times are worked out from the round trip, and the client’s leg is drawn short."
    : `${why ?? "The packets of this run were not captured."} So this is drawn from the round trip of ${measured(story.rttMs)} and the measured idle time; the moment of the request within that round trip is an example.`;
  const who = story.requestId === null ? null : html`Request <code>${story.requestId}</code>. `;
  return section(
    "timeline",
    "One lost request, step by step",
    html`<div class="story">${sequenceSvg(story, steps)}
<div><ol class="steps">${lines(items)}</ol><p class="note">${who}0 ms: the first segment after the silence, at the server. ${source}</p></div></div>
${segmentTables(result)}`,
  );
}

const inMs = (ms: number): string => (Math.round(ms * 1000) / 1000 + 0).toFixed(3);

function segmentTables({ runs }: Result): Html | null {
  const capture = runs.map(({ evidence }) => evidence?.capture).find((one) => one);
  if (!capture) return null;
  const tables = (["lost", "own", "fresh"] as const).flatMap((outcome) => {
    const segments = capture.examples[outcome];
    return segments === null
      ? []
      : [table(SEGMENTS[outcome], [SEGMENT_HEADING, ...segments.map(segmentRow)], "segments")];
  });
  const { k6, lb, wire502, resets } = capture.counts;
  return html`<h3>The segments on the wire</h3>
<p>Lost requests, counted four times: ${k6} by k6, ${lb} in the load balancer’s log; on the wire ${wire502} answers 502 and ${resets} requests answered by a reset. ${capture.packets} packets, captured by ${capture.by}.</p>
<div class="side">${lines(tables)}</div>`;
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
export function lossesSection({ runs }: Result): Html | null {
  const parts = runs.flatMap(({ name, evidence }) => {
    if (!evidence || evidence.losses.length === 0) return [];
    const { losses } = evidence;
    const open = losses.filter(({ explanation }) => explanation === null).length;
    const title = `${name}: ${losses.length} lost, ${losses.length - open} explained${open > 0 ? `, ${open} not` : ""}`;
    const rows = table(`Lost requests of the run ${name}`, [LOSS_HEADING, ...losses.map(lossRow)], "losses");
    return [
      html`<details${losses.length <= FEW || open > 0 ? " open" : ""}><summary>${title}</summary>${rows}</details>`,
    ];
  });
  return section("losses", "Every lost request explained", lines(parts));
}

const FEW = 5;

const LOSS_HEADING = ["request", "idle for", "closed by", "FIN to request", "seen by the app", "explanation"];

const lossRow = ({ requestId, idleMs, closedBy, afterFinMs, seenByApp, explanation }: Loss): string[] => [
  requestId,
  idleMs === null ? "-" : `${idleMs.toFixed(1)} ms`,
  closedBy === "target" ? "server" : closedBy,
  afterFinMs === null ? "-" : `${afterFinMs.toFixed(3)} ms`,
  seenByApp === null ? "-" : seenByApp ? "yes" : "no",
  explanation ?? "NOT EXPLAINED",
];
