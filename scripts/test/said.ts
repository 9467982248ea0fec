/** What a test file printed, through Node's reporter "spec". */
export interface Said {
  file: string;
  /** Its tests, each with its mark. */
  body: string;
  /** Those that failed once more, with their errors. */
  failures: string;
  /** "tests", "pass", "fail" and so on, as it counted. */
  counts: Record<string, number>;
}

/** Takes a file's closing lines apart, so that those of many can be made one. @param ended its exit code, null for a signal */
export function readSaid(file: string, text: string, ended: number | null): Said {
  const counts: Record<string, number> = {};
  const lines = text.split("\n").filter((line) => {
    const [, name, number] = COUNT.exec(line) ?? [];
    if (name !== undefined) counts[name] = Number(number);
    return name === undefined;
  });
  const failing = lines.lastIndexOf(FAILING);
  const body = lines
    .slice(0, failing === -1 ? undefined : failing)
    .join("\n")
    .trim();
  const failures =
    failing === -1
      ? ""
      : lines
          .slice(failing + 1)
          .join("\n")
          .trim();
  const isSilent = counts.fail === undefined || (ended !== 0 && counts.fail + (counts.cancelled ?? 0) === 0);
  if (!isSilent) return { file, body, failures, counts };
  // It ended before its tests did, or after them but not well: that is a test that failed, as for `node --test`.
  const why = `✖ ${file} ended with ${ended ?? "a signal"}${counts.fail === undefined ? ", before its tests were counted" : ""}`;
  return {
    file,
    body,
    failures: `${why}\n${body}`,
    counts: { ...counts, tests: (counts.tests ?? 0) + 1, fail: (counts.fail ?? 0) + 1 },
  };
}

const COUNT = /^ℹ (tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) ([\d.]+)$/;
const FAILING = "✖ failing tests:";

/** The closing lines of all files, as Node's runner has them for one: failures again, then how many there were. */
export function closing(all: readonly Said[], tookMs: number): string {
  const failed = all.filter(({ failures }) => failures !== "").map(({ file, failures }) => `\n${file}\n${failures}`);
  const sum = (name: string) => all.reduce((total, { counts }) => total + (counts[name] ?? 0), 0);
  const counted = ["tests", "suites", "pass", "fail", "cancelled", "skipped", "todo"].map(
    (name) => `ℹ ${name} ${sum(name)}`,
  );
  const failures = failed.length > 0 ? [`\n${FAILING}`, ...failed, ""] : [];
  return [...failures, ...counted, `ℹ duration_ms ${Math.round(tookMs)}`].join("\n");
}
