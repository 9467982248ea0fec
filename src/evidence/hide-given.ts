import type { Header } from "../record/request.ts";

/**
 * Takes the Host and the User-Agent out of the LB's log where the user gave them: like any header's value that is given,
 * they may be secrets. These are the only two that the log has.
 * @param haproxyLog is changed in place, so that nothing that is made of it has them
 */
export function hideGiven(haproxyLog: string[], given: readonly Header[]): void {
  const names = given.map(([name]) => name.toLowerCase());
  const fields = FIELDS.filter(([name]) => names.includes(name)).map(([, field]) => field);
  if (fields.length === 0) return;
  for (const [i, line] of haproxyLog.entries()) haproxyLog[i] = hidden(line, fields);
}

const FIELDS = [
  ["host", "host"],
  ["user-agent", "agent"],
] as const;

function hidden(line: string, fields: readonly string[]): string {
  if (!line.startsWith('{"log":"edge"')) return line;
  try {
    const entry = JSON.parse(line) as Record<string, unknown>;
    for (const field of fields) if (field in entry) entry[field] = "hidden";
    return JSON.stringify(entry);
  } catch {
    return line.slice(0, line.indexOf('"host":')); // half a line
  }
}
