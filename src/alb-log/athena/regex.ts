import type { Column } from "./columns.ts";

/**
 * The regular expression that reads a line into COLUMNS, a group for each, as parse.ts reads it. It differs from AWS's:
 * - lines of every year match: from 17 fields on, and what comes after those that are known is `rest`;
 * - "target:port_list" may hold several targets, and a user agent an escaped or a stray quote;
 * - each time and status must be one, so that a line of another log is a row of NULLs and not a strange one.
 *
 * Two engines read it alike: Athena's, which is Java's, and RE2, DuckDB's. So it has no look-around, and nothing that
 * one of them takes from another place: no dot, which in Java stops at U+0085 and U+2028, and no repeated choice of
 * lengths over ordinary text, for each turn of which Java takes a piece of its stack. A backslash stands in brackets
 * only, and four times: `[\\\\]` means the same whether or not somebody has read each two of them as one before
 * (Athena's DDL does so, Terraform's and CloudFormation's parameters do not).
 */
export const inputRegex = (): string => HEAD + TAIL.reduceRight((inner, field) => `(?: ${field}${inner})?`, "") + REST;

/** What may precede a quote that is not escaped: any text but quotes, with an even number of backslashes at its end. */
const BEFORE_QUOTE = String.raw`(?:[^"]*[^"\\\\])?(?:[\\\\][\\\\])*`;

/** A quote that does not end its field, being escaped or not before a blank, with what precedes it. */
const INNER_QUOTE = String.raw`${BEFORE_QUOTE}(?:[\\\\]"|"+(?:[^" \\\\]|[\\\\](?:[^ ]| )))`;

/** Of anything that a client can send. */
const TEXT = `(?:${INNER_QUOTE})*${BEFORE_QUOTE}"*`;

const quoted = (content: string): string => `(?:"(${content})"|-)`;
const client = quoted(TEXT);
/** Of what the load balancer writes by itself. */
const own = quoted('[^"]*');

const WORD = "([^ ]*)";
/** IPv6 has colons too: the port comes after the last one. */
const ADDRESS = "([^ ]*?)(?::([0-9]+))?";
const TIME = "([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[^ ]+)";
const SECONDS = "(-[0-9.]*|[0-9][0-9.]*)";
const STATUS = "(-|[0-9]{3})";
/** Method, URL with whatever blanks, protocol. "- - - " too; a request without blanks is no reason to lose the line. */
const REQUEST = String.raw`"(?:([^ "\\\\]*) ((?:${INNER_QUOTE})*[^"]*) ([^ "\\\\]+) ?|${TEXT})"`;
const IN_QUOTES_OR_NOT = '"?([^ "]*)"?';

/** The fields of 2016, which every line has. */
const HEAD = [
  ...["([a-z][^ ]*)", TIME, WORD, ADDRESS, ADDRESS, SECONDS, SECONDS, SECONDS, STATUS, STATUS, WORD, WORD],
  ...[REQUEST, client, WORD, WORD, WORD],
].join(" ");

/** What came later, each only after the one before it. */
const LATER = {
  trace_id: client,
  domain_name: client,
  chosen_cert_arn: own,
  matched_rule_priority: IN_QUOTES_OR_NOT,
  request_creation_time: WORD,
  actions_executed: own,
  redirect_url: client,
  lambda_error_reason: own,
  target_port_list: own,
  target_status_code_list: own,
  classification: own,
  classification_reason: own,
  conn_trace_id: IN_QUOTES_OR_NOT,
  transformed_host: client,
  transformed_uri: client,
  request_transform_status: own,
  ip_address: IN_QUOTES_OR_NOT,
} satisfies Partial<Record<Column, string>>;
const TAIL = Object.values(LATER);

/** AWS: keep a group at the end for fields to come. Here it also takes what is not in the form of the field before it. */
const REST = '(?: ([^"]*(?:"[^"]*)*))?';
