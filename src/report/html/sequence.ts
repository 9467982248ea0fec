import type { Segment } from "../../record/evidence.ts";
import { measured } from "../../record/units.ts";
import { type Html, html, lines } from "../markup.ts";
import { px } from "../picture/svg-marks.ts";
import type { LossStory } from "./loss.ts";

/** One arrow, with the number that the list beside the drawing explains. */
export interface Step {
  from: Lane;
  to: Lane;
  /** When it leaves and arrives, ms from the first segment at the target. */
  leavesMs: number;
  arrivesMs: number;
  text: string;
  bad: boolean;
}

type Lane = "client" | "lb" | "target";

/**
 * The story's arrows, in the order in which they leave. A segment was seen at the target, half a round trip from the LB;
 * what the relay kept back went on when the request had come by.
 */
export function stepsOf({ segments, rttMs, heldMs }: LossStory): Step[] {
  const half = rttMs / 2;
  const requestMs = segments.find(({ from, length }) => from === "lb" && length > 0)?.atMs ?? 0;
  const between = segments.map((segment): Step => {
    const { from, atMs, flags } = segment;
    const isKept = heldMs !== null && from === "target" && atMs < requestMs;
    const text = isKept ? `${wordsFor(segment)} ${keptText(heldMs)}` : wordsFor(segment);
    const bad = /RST/.test(flags);
    return from === "target"
      ? { from, to: "lb", leavesMs: atMs, arrivesMs: (isKept ? requestMs : atMs) + half, text, bad }
      : { from, to: "target", leavesMs: atMs - half, arrivesMs: atMs, text, bad };
  });
  const request = between.find((step, i) => step.from === "lb" && segments[i]!.length > 0);
  const reset = between.find(({ bad, from }) => bad && from === "target");
  const asked =
    request &&
    clientStep(
      "client",
      request.leavesMs,
      half,
      "The client sends a request. The load balancer picks an idle connection for it, which it takes to be open.",
    );
  const lost = reset && clientStep("lb", reset.arrivesMs, half, "All that the load balancer can answer is 502.");
  return [asked, ...between, lost].filter((step) => step !== undefined).sort((a, b) => a.leavesMs - b.leavesMs);
}

function wordsFor({ from, flags, length, what }: Segment): string {
  if (from === "lb")
    return length > 0 ? "The load balancer sends it to the server on that connection." : `${what} (${flags})`;
  if (flags.includes("RST")) return "Nobody is there any more: the server’s side answers with a reset (RST).";
  return flags.includes("FIN")
    ? "The server closes (FIN): the connection had been idle for too long."
    : `${what} (${flags})`;
}

const keptText = (heldMs: number): string =>
  `For ${measured(heldMs)} it was kept back at the server’s door, until the request had come by: as a slower network would have.`;

function clientStep(from: "client" | "lb", atLbMs: number, half: number, text: string): Step {
  return from === "client"
    ? { from, to: "lb", leavesMs: atLbMs - half * CLIENT_WAY, arrivesMs: atLbMs, text, bad: false }
    : { from, to: "client", leavesMs: atLbMs, arrivesMs: atLbMs + half * CLIENT_WAY, text, bad: true };
}

/** The client's leg was not measured; it is drawn short, so that the race itself stays large. */
const CLIENT_WAY = 0.3;

/** The steps as a drawing: time runs downwards, to scale except for the silence. */
export function sequenceSvg(story: LossStory, steps: readonly Step[]): Html {
  const fromMs = Math.min(...steps.map(({ leavesMs }) => leavesMs));
  const toMs = Math.max(...steps.map(({ arrivesMs }) => arrivesMs));
  const yOf = (ms: number) => TOP + ((ms - fromMs) / Math.max(toMs - fromMs, 0.001)) * (HEIGHT - TOP - 24);
  const lanes = Object.values(LANES).map(
    ({ x, title }) =>
      html`<text class="seq-name" x="${x}" y="18">${title}</text><path class="seq-lane" d="M${x} 26V64M${x} 82V${HEIGHT - 8}"/><path class="seq-gap" d="M${x} 64V82"/>`,
  );
  const idle = story.idleMs === null ? "silence" : `${measured(story.idleMs)} of silence`;
  const silence = html`<text class="seq-note" x="${(LANES.lb.x + LANES.target.x) / 2}" y="77">${idle}</text>`;
  const taken: { x: number; y: number }[] = [];
  const arrows = steps.map((step, i) => arrow(step, i + 1, yOf, taken));
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="seq" role="img" aria-labelledby="seq-t seq-d" viewBox="0 0 340 ${HEIGHT}">
<title id="seq-t">One lost request between client, load balancer and server</title>
<desc id="seq-d">Time runs downwards. Each numbered arrow is explained in the list that follows.</desc>
${lines(lanes)}
${silence}
${lines(arrows)}
</svg>`;
}

const LANES = {
  client: { x: 40, title: "client" },
  lb: { x: 150, title: "load balancer" },
  target: { x: 300, title: "server" },
};

const TOP = 108;
const HEIGHT = 380;

function arrow(step: Step, number: number, yOf: (ms: number) => number, taken: { x: number; y: number }[]): Html {
  const x1 = LANES[step.from].x;
  const x2 = LANES[step.to].x;
  const y1 = yOf(step.leavesMs);
  const y2 = yOf(step.arrivesMs);
  const side = Math.sign(x2 - x1);
  const slope = Math.atan2(y2 - y1, x2 - x1);
  const wing = (turn: number) =>
    `L${px(x2 - 9 * Math.cos(slope + turn))} ${px(y2 - 9 * Math.sin(slope + turn))}M${px(x2)} ${px(y2)}`;
  // The number stands near the arrow's tail, or further along where another number is in the way.
  let share = 0.16;
  const at = () => ({ x: x1 + (x2 - x1) * share, y: y1 + (y2 - y1) * share });
  while (share < 0.8 && taken.some(({ x, y }) => Math.hypot(x - at().x, y - at().y) < 22)) share += 0.08;
  const place = at();
  taken.push(place);
  const kind = step.bad ? " seq-bad" : "";
  return html`<g class="seq-arrow${kind}"><path d="M${px(x1 + side)} ${px(y1)}L${px(x2)} ${px(y2)}"/><path class="seq-head" d="M${px(x2)} ${px(y2)}${wing(0.4)}${wing(-0.4)}"/><circle cx="${px(place.x)}" cy="${px(place.y)}" r="10"/><text x="${px(place.x)}" y="${px(place.y + 4.5)}">${number}</text></g>`;
}
