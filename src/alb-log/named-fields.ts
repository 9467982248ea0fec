import { type AlbEntry, FIELDS, type FieldName } from "./fields.ts";
import { formatAlbLine } from "./format.ts";

/**
 * A request of AWS's newer logs, whose fields have names: in JSON, or in columns under a header. It becomes the line that
 * the ALB's own log has for it, so that everything behind reads one form.
 *
 * AWS documents the fields' names as an enumeration for CloudFormation (IP_ADDRESS, CLIENT_PORT, REQUEST_LINE ...) and no
 * example of a line. Taken here: the enumeration in any case, "client_port" or "client:port", "request" or "request_line".
 * @returns the line; what is missing, without which nothing can be told; null where it is no ALB's access log
 */
export function lineOfNamed(values: ReadonlyMap<string, string>): { line: string } | { missing: string } | null {
  const entry = {} as AlbEntry;
  for (const { name } of FIELDS) entry[name] = fieldIn(values, name);
  if (!values.has("elb_status_code")) return null;
  const missing = NEEDED.filter((name) => !namesOf(name).some((key) => values.has(key)));
  if (missing.length > 0) return { missing: missing.join(", ") };
  if (entry.type === "-") entry.type = entry.request.includes("https://") ? "https" : "http";
  entry.time = timeOf(entry.time, values.get("date"));
  return { line: formatAlbLine(entry) };
}

/** A field's name as it is looked for: "Client:Port", "clientPort" and "CLIENT_PORT" are one. */
export const plainName = (name: string): string =>
  name
    .trim()
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z\d]+/g, "_")
    .replace(/^_|_$/g, "");

/** Whether a list of names is a header of an ALB's access log. */
export const isHeader = (names: readonly string[]): boolean => {
  if (names.includes("message") && names.every((name) => EVENT.has(name))) return true;
  const known = names.filter((name) => KNOWN.has(name)).length;
  return names.includes("elb_status_code") && known >= 3 && known >= names.length / 2;
};

/** An event of CloudWatch, whose message is the line. */
const EVENT = new Set([
  "timestamp",
  "message",
  "ingestion_time",
  "ingestiontime",
  "log_stream",
  "log_stream_name",
  "log",
  "ptr",
]);

/** Without one of them a 5xx is taken for what it is not. */
const NEEDED = [
  "time",
  "target:port",
  "request_processing_time",
  "target_processing_time",
  "response_processing_time",
  "elb_status_code",
  "target_status_code",
] as const satisfies readonly FieldName[];

const ALSO: Partial<Record<FieldName, readonly string[]>> = {
  time: ["timestamp"],
  "client:port": ["client"],
  "target:port": ["target"],
  request: ["request_line"],
  trace_id: ["x_amzn_trace_id"],
};

const namesOf = (name: FieldName): string[] => [plainName(name), ...(ALSO[name] ?? [])];

const KNOWN = new Set(FIELDS.flatMap(({ name }) => namesOf(name)));

function fieldIn(values: ReadonlyMap<string, string>, name: FieldName): string {
  const found = namesOf(name)
    .map((key) => values.get(key))
    .find((value) => value !== undefined);
  const value = found === undefined || found === "" ? "-" : found;
  const address = name === "client:port" ? "client_ip" : name === "target:port" ? "target_ip" : null;
  const host = address === null ? undefined : values.get(address);
  const field = host !== undefined && /^\d+$/.test(value) ? `${host}:${value}` : value;
  // Only what stands between quotes may have a blank in it.
  return QUOTED.has(name) ? field : field.replace(/[\s"]+/g, "_");
}

const QUOTED = new Set<FieldName>(FIELDS.filter(({ quoted }) => quoted).map(({ name }) => name));

/** Also seconds, ms or µs since 1970, and the date that W3C's format has apart. */
function timeOf(time: string, date: string | undefined): string {
  if (/^\d{10}(\.\d+)?$|^\d{13}$|^\d{16}$/.test(time)) {
    const ms = time.length === 13 ? Number(time) : time.length === 16 ? Number(time) / 1000 : Number(time) * 1000;
    return new Date(ms).toISOString().replace("Z", "000Z");
  }
  const whole = /^\d\d:\d\d:\d\d/.test(time) && date !== undefined ? `${date}T${time}` : time.replace(/_(?=\d)/, "T");
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|\+00:00|_UTC)?$/.exec(whole);
  return parts === null ? whole : `${parts[1]}${(parts[2] ?? ".").padEnd(7, "0")}Z`;
}
