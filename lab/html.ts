import { readFileSync } from "node:fs";
import { section, table } from "../src/report/html/parts.ts";
import { Html, html, lines } from "../src/report/markup.ts";
import type { LabResult } from "./record.ts";
import { ARTICLES, armRows, LEGEND, notesOn, sumUp } from "./words.ts";

/** The results as one page that needs neither network nor script, in the style of the other reports. */
export function labHtml(result: LabResult): string {
  const all = result.experiments.flatMap(({ arms }) => arms);
  const mood = all.every((arm) => arm.asExpected)
    ? "good"
    : all.some((arm) => arm.asExpected === false)
      ? "bad"
      : "unknown";
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>alb502 lab: ${sumUp(result)}</title>
<style>
${new Html(STYLE)}</style>
</head>
<body>
<header>
<p class="kicker">alb502 lab: five field reports, measured, ${result.startedAt.slice(0, 10)}</p>
<h1 id="verdict" class="${mood}"><span aria-hidden="true">${SIGNS[mood]}</span> ${sumUp(result)}</h1>
</header>
<main id="main">
${lines(result.experiments.map(experimentSection))}
${lines(LEGEND.map((line) => html`<p class="note">${line}</p>`))}
</main>
</body>
</html>
`.text;
}

const STYLE = readFileSync(new URL("../src/report/html/page.css", import.meta.url), "utf8");

/** Beside the colour. */
const SIGNS = { good: "✓", bad: "✗", unknown: "?" };

function experimentSection({
  name,
  article,
  source,
  says,
  correction,
  arms,
}: LabResult["experiments"][0]): Html | null {
  const notes = arms.flatMap(notesOn);
  const body = html`<p>${ARTICLES[article]}: ${says}</p>
${table(`What ${name} came to`, armRows(arms))}
${correction === null ? null : html`<p>But: ${correction}</p>`}
${notes.length === 0 ? null : html`<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`}
<p class="note">${source}</p>`;
  return section(name, name, body);
}
