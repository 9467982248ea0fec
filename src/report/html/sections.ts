import type { Result } from "../../record/result.ts";
import { measured } from "../../record/units.ts";
import type { LogExcerpt } from "../log-excerpt.ts";
import { type Html, html, lines } from "../markup.ts";
import type { Picture } from "../picture/model.ts";
import { pictureSvg } from "../picture/svg.ts";
import { probeRows, runRows } from "../table.ts";
import { commandOf, leavesOut } from "./command.ts";
import { section, table, turned } from "./parts.ts";
import { REASONS_FIRST } from "./plain.ts";

/** The signature picture twice, for a wide page and for a phone; one of them is shown. */
export function pictureSection(picture: Picture | null): Html | null {
  if (picture === null) return null;
  const { shorterMs, zero } = picture;
  const placed =
    zero.by === "door"
      ? "when it came to the server’s door, counted from the close of its own connection"
      : "at the time for which its connection had been idle";
  const note =
    shorterMs === null
      ? ""
      : ` The client counts from one answer to the next request; for the server the same silence is ${measured(shorterMs)} longer, by the time that the exchange itself takes.`;
  return section(
    "picture",
    picture.rows.some(({ lost }) => lost > 0) ? "When a request is lost" : "What became of each request",
    html`<figure>
<div class="wide">${pictureSvg(picture, { id: "wide", width: 900 })}</div>
<div class="narrow">${pictureSvg(picture, { id: "narrow", width: 340 })}</div>
<figcaption>Each mark is one request, placed ${placed}. ${bandNote(picture)}${note}</figcaption>
</figure>`,
  );
}

function bandNote({ band, rows, zero }: Picture): string {
  if (band === null || rows.every(({ lost }) => lost === 0)) return "";
  const edge = zero.by === "door" ? "" : " Where that begins is known to about half a millisecond.";
  return `Within one round trip of the close the load balancer cannot know of it yet: what it sends then is lost.${edge}`;
}

/** The runs side by side with their intervals, and the reasons of the verdict; of a probe what it measured. */
export function numbersSection(result: Result): Html | null {
  const figures =
    result.runs.length > 0
      ? table(captionOf(result), turned(runRows(result)), "figures runs")
      : result.command === "probe" || result.probe.connections > 0
        ? table("What the probe measured", turned(probeRows(result)), "figures")
        : null;
  const reasons = result.reasons.slice(result.verdict === "inconclusive" ? REASONS_FIRST : 0);
  const list = reasons.length > 0 ? html`<ul>${reasons.map((reason) => html`<li>${reason}</li>`)}</ul>` : null;
  return section("numbers", "The numbers", html`${figures}${list}`);
}

function captionOf({ runs }: Result): string {
  const inWindow = runs.some(({ aim }) => aim === "close")
    ? "came to the server’s door at the moment that was aimed at"
    : "sent when the close was expected, settled before sending";
  return `Counts of requests. In window: ${inWindow}. The interval holds with 95 % confidence.`;
}

/** The ALB's lines beside the target's. */
export function logsSection(logs: LogExcerpt | null): Html | null {
  if (logs === null || logs.albLines.length === 0) return null;
  return section(
    "logs",
    "What to look for in your logs",
    html`<p>A lost request has <code>502 -</code> in the load balancer’s log: its own status 502, and none from the server. The server’s log has no line for it.</p>
<h3>The load balancer’s access log, as an ALB writes it</h3>
<pre>${lines(logs.albLines.map(marked))}</pre>
${targetLog(logs.targetLines)}`,
  );
}

function targetLog(logged: LogExcerpt["targetLines"]): Html | null {
  if (logged === null) return null;
  return html`<h3>The server’s own log of the same requests</h3>
<pre>${logged.length > 0 ? logged.join("\n") : "(no line)"}</pre>`;
}

/** The two statuses of a lost request, the LB's and the target's, stand out. */
function marked(line: string): Html {
  const [, before, statuses, after] = /^(.*? )(502 -)( .*)$/s.exec(line) ?? [];
  return statuses === undefined ? html`${line}` : html`${before!}<mark>${statuses}</mark>${after!}`;
}

/** How to repeat the run, and the versions and settings it had. */
export function settingsSection({ versions, settings, startedAt, durationMs, command }: Result): Html | null {
  const list = (entries: Record<string, unknown>) =>
    Object.entries(entries).map(([name, value]) => [
      name,
      `${Array.isArray(value) ? value.join(", ") : (value ?? "")}` || "-",
    ]);
  return section(
    "reproduce",
    "See it for yourself",
    html`<pre>${commandOf({ command, settings })}</pre>
<p>Run on ${startedAt.replace("T", " ").replace(/\.\d+Z$/, " UTC")}, ${(durationMs / 1000).toFixed(0)} s.${leavesOut({ settings }) ? " Header values and bodies are not kept: put yours in place of …" : ""}</p>
<div class="side">${table("Versions", [["part", "version"], ...list(versions)])}${table("Settings", [["option", "value"], ...list(settings)])}</div>`,
  );
}
