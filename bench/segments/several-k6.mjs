// Several k6 in place of one: `node several-k6.mjs N K6 run ...` starts N of `K6 run ...`, each with its own segment of the
// same sequence, the options that k6-operator gives to its runners (its pkg/segmentation). Ends when all have, with the worst
// of their exit codes.
import { spawn } from "node:child_process";

const [count, k6, run, ...args] = process.argv.slice(2);
const of = Number(count);
const bounds = Array.from({ length: of + 1 }, (_, i) => (i === 0 ? "0" : i === of ? "1" : `${i}/${of}`));

const children = Array.from({ length: of }, (_, i) => {
  const segment = [`--execution-segment=${bounds[i]}:${bounds[i + 1]}`];
  segment.push(`--execution-segment-sequence=${bounds.join(",")}`);
  // k6's REST API, whose default port only one of them could have, is off.
  return spawn(k6, [run, "--address=", ...segment, ...args], { stdio: ["ignore", "inherit", "inherit"] });
});

for (const signal of ["SIGTERM", "SIGINT"]) {
  process.on(signal, () => {
    for (const child of children) child.kill(signal);
  });
}
for (const child of children) {
  child.on("error", ({ message }) => {
    console.error(message);
    process.exitCode = 1;
  });
  // 99, crossed thresholds, is better than any other failure: k6's errext/exitcodes.
  child.on("exit", (code) => {
    if (code !== 0 && (process.exitCode ?? 99) === 99) process.exitCode = code ?? 1;
  });
}
