import { z } from "zod";
import { probeSettingsSchema } from "../../src/api/probe.ts";
import { configSchema } from "../../src/command/check/config/schema.ts";
import { checkSettingsSchema } from "../../src/command/check/settings.ts";
import { resultSchema } from "../../src/record/result.ts";

/**
 * The package's types, dist/index.d.ts: flat, since what tsc emits would import zod's, which the package does not have. The
 * types of files are made from their schemas; test/api/types.test.ts holds all of it against the sources.
 */
export const declarations =
  (): string => `// Made by scripts/build/types.ts. https://github.com/OWNER/alb502/blob/main/docs/api.md
import type { Server as HttpServer } from "node:http";

${exported("Result", resultSchema, "output", "What result.json holds: docs/result.md.")}

${exported("Config", configSchema, "input", "alb502.config.json, or what alb502.config.ts exports: docs/config.md.")}

${exported("CheckSettings", checkSettingsSchema, "input", "How a target is checked, in a config file's words: docs/config.md.")}

${exported("ProbeSettings", probeSettingsSchema, "input", "How a target is probed, in a config file's words: docs/config.md.")}

${REST}`;

/** @param io of a schema that fills in or reads something: before that, or after it */
const exported = (name: string, schema: z.ZodType, io: "input" | "output", says: string): string =>
  `/** ${says} */\nexport type ${name} = ${typeOf(z.toJSONSchema(schema, { io, unrepresentable: "throw" }) as Json, "")};`;

/** What is used of JSON Schema here. */
interface Json {
  type?: string | string[] | undefined;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Json[];
  items?: Json;
  properties?: Record<string, Json>;
  required?: string[];
  additionalProperties?: Json | boolean;
  description?: string;
}

/** A JSON Schema as a type of TypeScript. @throws Error for what has no such form here */
function typeOf(schema: Json, indent: string): string {
  const several =
    schema.anyOf ?? (Array.isArray(schema.type) ? schema.type.map((type) => ({ ...schema, type })) : null);
  if (several) return [...new Set(several.map((one) => typeOf(one, indent)))].join(" | ");
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  if ("const" in schema) return JSON.stringify(schema.const);
  switch (schema.type) {
    case "string":
    case "boolean":
    case "null":
      return schema.type;
    case "number":
    case "integer":
      return "number";
    case "array":
      return `Array<${typeOf(schema.items!, indent)}>`;
    case "object":
      return objectOf(schema, indent);
    default:
      throw new Error(`no type for ${JSON.stringify(schema)}`);
  }
}

function objectOf({ properties, required = [], additionalProperties }: Json, indent: string): string {
  if (!properties) return `Record<string, ${typeOf(additionalProperties as Json, indent)}>`;
  const inner = `${indent}  `;
  const fields = Object.entries(properties).map(([name, schema]) => {
    const says = schema.description ? `${inner}/** ${schema.description} */\n` : "";
    const optional = required.includes(name) ? ["", ""] : ["?", " | undefined"];
    return `${says}${inner}${/^[\w$]+$/.test(name) ? name : JSON.stringify(name)}${optional[0]}: ${typeOf(schema, inner)}${optional[1]};`;
  });
  return `{\n${fields.join("\n")}\n${indent}}`;
}

const REST = `/** A Node http.Server or https.Server. */
export type NodeServer = Pick<HttpServer, "listening" | "address" | "listen" | "close"> & { keepAliveTimeout: number };

/** What every call takes besides its own settings. */
export interface CallOptions {
  /** Ends it: all that it started is stopped, then it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Gets each line of what a command would print. Without it nothing is printed. */
  progress?: ((line: string) => void) | undefined;
}
export interface CheckCallOptions extends CallOptions, CheckSettings {}
export interface ProbeCallOptions extends CallOptions, ProbeSettings {}
export interface ServerProbeOptions extends ProbeCallOptions {
  /** Whether idle connections are opened too, and watched until the server closes them or the LB would have. */
  wire?: boolean | undefined;
}

/** What a server says of its own timeouts: https://nodejs.org/api/http.html#class-httpserver */
export interface ServerSettings {
  keepAliveTimeoutMs: number;
  /** What is added to it, and not announced; null where the property does not exist, as before Node 22.19 and 24.6. */
  keepAliveTimeoutBufferMs: number | null;
  headersTimeoutMs: number | null;
  requestTimeoutMs: number | null;
  timeoutMs: number | null;
  maxRequestsPerSocket: number | null;
  connectionsCheckingIntervalMs: number | null;
  timeoutListeners: number;
  nodeVersion: string;
}

/** What a server's settings come to behind the LB, and what the wire says of that. Times in ms. */
export interface ServerProbe {
  verdict: "vulnerable" | "safe" | "inconclusive";
  /** Whole sentences, the weightiest first. */
  reasons: string[];
  settings: ServerSettings;
  /** When it will close an idle connection, as its settings foretell; null = never, or nobody can tell. */
  idleCloseMs: number | null;
  lb: { profile: string; idleTimeoutMs: number };
  /** A line to paste; null where nothing has to be changed. */
  fix: string | null;
  /** What a probe of the wire saw; null without { wire: true }. */
  wire: Result | null;
}

/**
 * Whether the settings of a Node server outlive the load balancer, at once; with { wire: true } also whether the wire
 * agrees, in about one idle period. With a URL: what \`alb502 probe\` does.
 */
export function probe(target: NodeServer, options?: ServerProbeOptions): Promise<ServerProbe>;
export function probe(target: string | URL, options?: ProbeCallOptions): Promise<Result>;

/** What \`alb502 check\` does: requests, aimed at the moment in which the target closes, behind the simulated LB. */
export function check(target: string | URL | NodeServer, options?: CheckCallOptions): Promise<Result>;

/** For alb502.config.ts: the config as it is, and its type for the editor. */
export function defineConfig(config: Config): Config;

/** A wrong option or value, or nothing listens there: something the caller can correct. */
export class UsageError extends Error {
  readonly exitCode: 0 | 1 | 2 | 3 | 130;
}

/** What this machine lacks or does wrong. */
export class EnvironmentError extends Error {
  readonly what: string;
  readonly remedy: string;
  readonly exitCode: 0 | 1 | 2 | 3 | 130;
  constructor(what: string, remedy?: string, alternative?: string);
}
`;
