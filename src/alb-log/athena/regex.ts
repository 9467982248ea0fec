/**
 * The regular expression that reads a line into COLUMNS, a group for each, as parse.ts reads it. It differs from AWS's:
 * - lines of every year match, and one that was cut off as far as it goes; what comes after the known fields is `rest`;
 * - "target:port_list" may hold several targets, and a user agent an escaped or a stray quote;
 * - each time and status must be one, so that a line of another log is a row of NULLs and not a strange one.
 *
 * Two engines read it alike: Athena's, which is Java's, and RE2, DuckDB's. So it has no look-around, and nothing that
 * one of them takes from another place: no dot, which in Java stops at U+0085 and U+2028, and no repeated choice of
 * lengths over ordinary text, for each turn of which Java takes a piece of its stack. A backslash stands in brackets
 * only, and four times: `[\\\\]` means the same whether or not somebody has read each two of them as one before
 * (Athena's DDL does so, Terraform's and CloudFormation's parameters do not).
 */
export function inputRegex(): string {
  const [targetStatus, ...later] = TAIL;
  const fields = later.reduceRight((inner, field) => `(?: ${field}${inner})?`, "");
  return `${HEAD}(?: ${targetStatus}${fields}${REST})?`;
}

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

/** Without the load balancer's status a line says nothing. */
const HEAD = ["([a-z][^ ]*)", TIME, WORD, ADDRESS, ADDRESS, SECONDS, SECONDS, SECONDS, STATUS].join(" ");

/** Each only after the one before it: a line of 2016 has them up to the target group, one that was cut off fewer. */
const TAIL = [
  ...[STATUS, WORD, WORD, REQUEST, client, WORD, WORD, WORD], // to target_group_arn
  ...[client, client, own, IN_QUOTES_OR_NOT, WORD, own, client, own], // to lambda_error_reason
  ...[own, own, own, own, IN_QUOTES_OR_NOT, client, client, own, IN_QUOTES_OR_NOT], // to ip_address
];

/** AWS: keep a group at the end for fields to come. Here it also takes what is not in the form of its field. */
const REST = '(?: ([^"]*(?:"[^"]*)*))?';
