import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Diagnosis, diagnosisSchema } from "../../../diagnose/diagnosis.ts";
import { called } from "../../../run/called.ts";
import { ROOT } from "../../../run/root.ts";
import { type Html, html, lines } from "../../markup.ts";
import { page } from "../page.ts";
import { section, table } from "../parts.ts";
import { byTargetSvg } from "./by-target.ts";
import { inBothWidths, inThrees } from "./chart.ts";
import { overTimeSvg } from "./over-time.ts";
import { inPlainWords } from "./plain.ts";
import { sharesSvg, shareText } from "./shares.ts";
import { spanText, timeOf } from "./time-axis.ts";

/** What the terminal and summary.md say too, in the same words. */
export interface DiagnosisTables {
  input: string;
  causes: readonly (readonly string[])[];
  /** By target, hour and route; each with its heading. */
  breakdowns: readonly (readonly (readonly string[])[])[];
}

/** The diagnosis as one page: the verdict, what to do, then when, where and how much. */
export function diagnosisHtml(diagnosis: Diagnosis, tables: DiagnosisTables): string {
  return page({
    called: "alb502 diagnose",
    kicker: `errors in a load balancer’s access log${spanOf(diagnosis)}`,
    ...inPlainWords(diagnosis),
    main: html`<div class="first">${lines([whySection(diagnosis), nextSection(diagnosis)])}</div>
${lines([
  timeSection(diagnosis),
  targetSection(diagnosis),
  shareSection(diagnosis, tables),
  causesSection(diagnosis),
  countsSection(tables),
  inputSection(diagnosis, tables),
  dataSection(),
])}`,
    version: diagnosis.version,
    data: diagnosisSchema.parse(diagnosis),
    style: STYLE,
  });
}

const STYLE = readFileSync(join(ROOT, "src/report/html/diagnosis/diagnosis.css"), "utf8");

function spanOf({ input: { firstAt, lastAt } }: Diagnosis): string {
  if (firstAt === null || lastAt === null) return "";
  const [from, to] = [firstAt.slice(0, 10), lastAt.slice(0, 10)];
  return from === to ? `, ${from}` : `, ${from} to ${to}`;
}

const whySection = ({ reasons }: Diagnosis): Html | null =>
  section("why", "Why", html`${reasons.map((reason) => html`<p>${reason}</p>`)}`);

/** For each cause that is the load balancer's, the most frequent first. */
function nextSection({ causes }: Diagnosis): Html | null {
  const steps = causes.filter(({ kind }) => kind !== "own" || causes.length === 1).slice(0, STEPS);
  if (steps.length === 0) return null;
  const items = steps.map(({ kind, next }) => html`<li><b>${kind}</b>: ${next}</li>`);
  return section("next", "What to do next", html`<ol class="next">${lines(items)}</ol>`);
}

const STEPS = 3;

function timeSection({ series, errors }: Diagnosis): Html | null {
  if (series === null || errors.lb === 0) return null;
  return section(
    "time",
    "When they came",
    html`<figure>${inBothWidths((width, id) => overTimeSvg(series, width, id))}
<figcaption>Errors that the load balancer made, ${spanText(series)}. A race comes as a trickle all day; a crash, a deploy or an attack comes in bursts.</figcaption></figure>`,
  );
}

function targetSection({ series, errors }: Diagnosis): Html | null {
  if (series === null || errors.lb === 0 || series.targets.length === 0) return null;
  return section(
    "targets",
    "Which targets they came from",
    html`<figure>${inBothWidths((width, id) => byTargetSvg(series, width, id))}
<figcaption>The targets with most of them, on one scale. A setting that all targets share shows at all of them; one target alone is a matter of that machine.</figcaption></figure>`,
  );
}

function shareSection({ causes, errors }: Diagnosis, tables: DiagnosisTables): Html | null {
  if (causes.length === 0) return null;
  const race = causes.find(({ kind }) => kind === "race")?.count ?? 0;
  const figure =
    errors.lb === 0
      ? null
      : html`<figure>${inBothWidths((width, id) => sharesSvg({ causes, errors }, width, id))}</figure>`;
  return section(
    "share",
    "The race’s share",
    html`<p>${shareSentence(race, errors)}</p>
${figure}
${table(
  "All 5xx by cause; “own” are the target’s own answers",
  tables.causes.map((row) => row.map(shortTime)),
  "losses",
)}`,
  );
}

/** To the minute, where a cell is a time. */
const shortTime = (cell: string): string => (/^\d{4}-\d\d-\d\dT/.test(cell) ? timeOf(cell) : cell);

function shareSentence(race: number, { lb }: Diagnosis["errors"]): string {
  if (lb === 0) return "The load balancer made no error; the target’s own are listed below.";
  if (race === 0)
    return `None of the ${inThrees(lb)} errors that the load balancer made looks like the keep-alive race.`;
  return `${inThrees(race)} of the ${inThrees(lb)} errors that the load balancer made (${shareText(race, lb)}) look like the keep-alive race.`;
}

function causesSection({ causes }: Diagnosis): Html | null {
  const parts = causes.map(
    ({ kind, count, sure, why, doubts, next, quotes }, i) =>
      html`<details${i === 0 ? " open" : ""}><summary>${kind}: ${inThrees(count)}, sure: ${sure}</summary>
<p>${why}.</p>${doubts.map((doubt) => html`<p>Against it: ${doubt}.</p>`)}<p>Next: ${next}.</p>${quotes.length === 0 ? null : html`<pre>${quotes.map(({ file, line, text }) => `${file}:${line}: ${text}`).join("\n")}</pre>`}</details>`,
  );
  return section("causes", "Each cause, with lines of the log", lines(parts));
}

function countsSection({ breakdowns }: DiagnosisTables): Html | null {
  const parts = breakdowns
    .filter(({ length }) => length > 1)
    .map(
      (rows) =>
        html`<details><summary>By ${rows[0]![0]!}</summary>${table(`By ${rows[0]![0]}`, rows, "losses")}</details>`,
    );
  return section("counts", "The counts", lines(parts));
}

function inputSection({ malformed, input }: Diagnosis, tables: DiagnosisTables): Html | null {
  const broken = input.broken.map(({ file, reason }) => html`<li>${file} could not be read to its end: ${reason}</li>`);
  const unread = malformed.map(
    ({ file, line, reason, text }) => html`<li>${file}:${line} could not be read: ${reason}<pre>${text}</pre></li>`,
  );
  const list = broken.length + unread.length === 0 ? null : html`<ul>${lines([...broken, ...unread])}</ul>`;
  return section("input", "What was read", html`<p>${tables.input}</p>${list}`);
}

const dataSection = (): Html | null =>
  section(
    "raw",
    "The data",
    html`<p>The whole diagnosis is in this page, as it is in diagnosis.json beside it. A row for each error: <code>${called("diagnose", "--csv FILE")}</code>.</p>
<button type="button" data-save="json" hidden>Save diagnosis.json</button>`,
  );
