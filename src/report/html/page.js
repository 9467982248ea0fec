// The page's only script: it saves the data that is in the page. Without it the page reads whole; the buttons are hidden.
const data = JSON.parse(document.getElementById("data").textContent);
// What a spreadsheet would take for a formula stays a text; numbers stay numbers.
const isFormula = (text) => /^(?:\s*[=+\-@＝＋－＠]|[\t\r\n])/.test(text) && !/^-?\d+(?:\.\d+)?$/.test(text);
const cell = (value) => {
  const text = String(value ?? "");
  return `"${(isFormula(text) ? `'${text}` : text).replace(/"/g, '""')}"`;
};
const runs = data.runs ?? [];
const csv = () => {
  const rows = runs.flatMap((run) => run.samples.map((sample) => ({ run: run.name, ...sample })));
  const names = Object.keys(rows[0] ?? { run: "" });
  return [names, ...rows.map((row) => names.map((name) => row[name]))]
    .map((row) => `${row.map(cell).join(",")}\r\n`)
    .join("");
};
const save = (name, type, text) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};
const files = {
  json: () =>
    save(data.runs ? "result.json" : "diagnosis.json", "application/json", `${JSON.stringify(data, null, 2)}\n`),
  csv: () => save("requests.csv", "text/csv", csv()),
};
for (const button of document.querySelectorAll("button[data-save]")) {
  button.hidden = button.dataset.save === "csv" && !runs.some((run) => run.samples.length > 0);
  button.addEventListener("click", () => files[button.dataset.save]());
}
// What is folded would be missing on paper.
addEventListener("beforeprint", () =>
  document.querySelectorAll("details").forEach((one) => {
    one.open = true;
  }),
);
