import type { Page } from "playwright-core";

/**
 * What a machine can tell about a page's accessibility, without a library: language, landmarks, headings, tables,
 * pictures, names, text cut off, contrast (WCAG 2.2, 1.4.3: 4.5 to 1 for text of this size).
 * @returns a sentence for each fault
 */
export const faultsOf = (page: Page): Promise<string[]> => page.evaluate(SCRIPT);

// Runs in the browser, whose types this project does not have: a text.
const SCRIPT = String.raw`(() => {
  const faults = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const fault = (bad, text) => bad && faults.push(text);
  fault(document.documentElement.lang !== "en", "no language");
  fault(document.title === "", "no title");
  for (const landmark of ["header", "main", "footer"]) fault(all(landmark).length !== 1, "not one " + landmark);
  fault(all("h1").length !== 1, "not one h1");
  all("h1,h2,h3,h4").reduce((level, heading) => {
    const own = Number(heading.tagName[1]);
    fault(own > level + 1, "a heading is skipped before: " + heading.textContent);
    return own;
  }, 0);
  const ids = all("[id]").map((one) => one.id);
  fault(new Set(ids).size !== ids.length, "an id is there twice");
  for (const one of all("[aria-labelledby]"))
    for (const id of one.getAttribute("aria-labelledby").split(" ")) fault(!document.getElementById(id)?.textContent.trim(), "no label " + id);
  for (const svg of all("svg")) fault(svg.getAttribute("role") !== "img" || !svg.querySelector("title") || !svg.querySelector("desc"), "an svg says nothing");
  for (const table of all("table")) {
    fault(!table.caption?.textContent, "a table without a caption");
    for (const th of table.querySelectorAll("th")) fault(!th.scope, "a heading cell without scope: " + th.textContent);
    for (const row of table.tBodies[0].rows) fault(row.cells[0].tagName !== "TH", "a row without a heading");
  }
  for (const one of all("a,button,summary")) fault(!one.textContent.trim(), "a control without a name");
  for (const img of all("img")) fault(!img.alt, "an image without alt");
  for (const text of all("svg text")) {
    const { x, width } = text.getBBox();
    fault(x < 0 || x + width > text.ownerSVGElement.viewBox.baseVal.width, "cut off: " + text.textContent);
  }
  const rgb = (colour) => colour.match(/[\d.]+/g).map(Number);
  const light = (colour) => rgb(colour).slice(0, 3).map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (one) => {
    const paper = one.closest("svg")?.querySelector(".pic-paper");
    if (paper) return getComputedStyle(paper).fill;
    for (let up = one; up; up = up.parentElement) {
      const colour = getComputedStyle(up).backgroundColor;
      if ((rgb(colour)[3] ?? 1) > 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  for (const one of all("body *")) {
    const words = [...one.childNodes].filter((node) => node.nodeType === 3 && node.data.trim()).map((node) => node.data).join();
    if (!words || one.closest("script,style,title,desc") || one.getClientRects().length === 0) continue;
    const style = getComputedStyle(one);
    const [a, b] = [light(one.closest("svg") ? style.fill : style.color), light(ground(one))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    fault(ratio < 4.5, "contrast " + ratio.toFixed(2) + ": " + words.trim().slice(0, 40));
  }
  return faults;
})()`;
