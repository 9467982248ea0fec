import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../run/root.ts";
import { Html, html } from "../markup.ts";

/** What differs from page to page. */
export interface Page {
  /** "alb502 demo" */
  called: string;
  /** Behind it, above the verdict. */
  kicker: string;
  mood: keyof typeof SIGNS;
  verdict: string;
  main: Html;
  version: string;
  /** What the buttons save. */
  data: unknown;
  /** Beside the pages' own style. */
  style?: string;
}

/** One file that needs no network and no script: verdict first, then what proves it. */
export const page = ({ called, kicker, mood, verdict, main, version, data, style = "" }: Page): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${called}: ${verdict}</title>
<style>
${new Html(STYLE)}${new Html(style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
<p class="kicker">${called}: ${kicker}</p>
<h1 id="verdict" class="${mood}"><span aria-hidden="true">${SIGNS[mood]}</span> ${verdict}</h1>
</header>
<main id="main" tabindex="-1">
${main}
</main>
<footer><p>Written by alb502 ${version}. It reads nothing from the network.</p></footer>
<script type="application/json" id="data">${jsonInHtml(data)}</script>
<script>${new Html(SCRIPT)}</script>
</body>
</html>
`.text;

const besideThis = (name: string): string => readFileSync(join(ROOT, "src/report/html", name), "utf8");

const STYLE = besideThis("page.css");
const SCRIPT = besideThis("page.js");

/** Even if a value from a server ever got through unescaped, no other script runs and nothing is fetched. */
const POLICY = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${createHash("sha256").update(SCRIPT).digest("base64")}'`;

/** Beside the colour. */
const SIGNS = { good: "✓", bad: "✗", unknown: "?" };

/** No value can end the script element, nor begin a comment in it. */
const jsonInHtml = (value: unknown): Html =>
  new Html(
    JSON.stringify(value).replace(
      /[<>\u2028\u2029]/g,
      (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ),
  );
