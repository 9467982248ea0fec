import assert from "node:assert/strict";
import { test } from "node:test";
import { cell, escaped, Html, html, lines } from "../../src/report/markup.ts";

test("A text in a template stays text, in an element and in an attribute; a number is written as it is.", () => {
  const evil = `"><script>alert("1 & 2")</script>`;
  const text = "&quot;&gt;&lt;script&gt;alert(&quot;1 &amp; 2&quot;)&lt;/script&gt;";
  assert.equal(html`<a title="${evil}">${evil}</a> ${1.5}`.text, `<a title="${text}">${text}</a> 1.5`);
});

test("Markup in a template, alone or in a list, is not escaped a second time; a text in a list is; null is nothing.", () => {
  const cells = ["a", "<b>"].map((text) => html`<td>${text}</td>`);
  assert.equal(
    html`<tr>${cells}${null}${["<", [html`<br>`]]}</tr>`.text,
    "<tr><td>a</td><td>&lt;b&gt;</td>&lt;<br></tr>",
  );
});

test("Lines are joined without the parts that have nothing to show.", () => {
  assert.equal(lines([html`<p>1</p>`, null, html`<p>2</p>`]).text, "<p>1</p>\n<p>2</p>");
  assert.equal(lines([]).text, "");
});

test("Markup made by hand is written as it is.", () => {
  assert.equal(
    html`<style>${new Html('a > b { content: "&" }')}</style>`.text,
    '<style>a > b { content: "&" }</style>',
  );
});

test("What XML cannot hold is dropped: control characters and an unpaired surrogate.", () => {
  assert.equal(escaped("a\u0000\u001b[31m\ud800\tb\n😀"), "a[31m\tb\n😀");
});

test("A cell of a Markdown table stays one cell on one line, and no HTML.", () => {
  assert.equal(cell("a|b\n<i> `c` [d](e)"), "a\\|b \\<i> \\`c\\` \\[d\\](e)");
});
