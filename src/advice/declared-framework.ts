import { frameworkNamed } from "./frameworks.ts";
import type { Software } from "./recognise.ts";

/** The files by which a project says what it is made of. */
export const MANIFESTS = [
  "package.json",
  "pom.xml",
  "build.gradle",
  "build.gradle.kts",
  "requirements.txt",
  "pyproject.toml",
  "Pipfile",
  "Gemfile",
  "go.mod",
] as const;

export type Manifest = (typeof MANIFESTS)[number];

/**
 * A framework that a project names, and where: "package.json, which has @nestjs/core 11.1.0"; or "command, which names
 * uvicorn".
 */
export interface Declared {
  software: Software;
  where: string;
}

/**
 * What a project's own files say that it runs on; null where they say nothing that is known, or where two languages are
 * there and the command does not tell which of them is started.
 * @param files the text of each manifest that is there
 * @param command the one that starts the app
 */
export function declaredFramework(
  files: Readonly<Partial<Record<Manifest, string>>>,
  command: string,
): Declared | null {
  const words = `${command} ${scriptOf(files["package.json"], command)}`;
  const found = MANIFESTS.flatMap((file) => {
    const text = files[file];
    const one = text === undefined ? null : declaredIn(file, text, words);
    return one === null ? [] : [{ file, ...one }];
  });
  // In a folder with a pom.xml alone, `uvicorn main:app` is no Spring Boot.
  const isTold = Object.values(LANGUAGES).some((language) => language.test(words));
  const among = isTold ? found.filter(({ file }) => LANGUAGES[file].test(words)) : found;
  const [first] = among;
  if (first === undefined || among.some(({ id }) => id !== first.id)) return null;
  const software = frameworkNamed(first.id)!;
  const where = first.isCommand ? `command, which names ${first.what}` : `${first.file}, which has ${first.what}`;
  // What the wire cannot tell apart, a project can: Express is not NestJS's.
  const title = software.title.replace(/ \(or .*\)$/, "");
  return { software: { ...software, title, by: `${where} says` }, where };
}

/** What starts a project of this kind. */
const OF_NODE = /\b(npm|npx|node|pnpm|yarn|bun|bunx|deno|tsx|ts-node|next|nest|nodemon|fastify)\b/;
const OF_PYTHON = /\b(python[\d.]*|uvicorn|gunicorn|hypercorn|daphne|waitress-serve|flask|fastapi|poetry|pipenv|uv)\b/;
const OF_JAVA = /\b(java|mvnw?|gradlew?|spring-boot)\b/;
const LANGUAGES: Readonly<Record<Manifest, RegExp>> = {
  "package.json": OF_NODE,
  "pom.xml": OF_JAVA,
  "build.gradle": OF_JAVA,
  "build.gradle.kts": OF_JAVA,
  "requirements.txt": OF_PYTHON,
  "pyproject.toml": OF_PYTHON,
  Pipfile: OF_PYTHON,
  Gemfile: /\b(ruby|bundle|rails|puma|unicorn|rackup|bin\/dev)\b/,
  "go.mod": /\b(go|air)\b/,
};

interface Found {
  /** Of servers.json. */
  id: string;
  what: string;
  /** The command says it, whatever stands in the file. */
  isCommand?: boolean;
}

function declaredIn(file: Manifest, text: string, words: string): Found | null {
  switch (file) {
    case "package.json":
      return inPackageJson(text, words);
    case "pom.xml":
    case "build.gradle":
    case "build.gradle.kts":
      return first(JAVA, (name) => has(text, name));
    case "requirements.txt":
    case "pyproject.toml":
    case "Pipfile":
      return (
        first(PYTHON_SERVERS, (name) => new RegExp(`\\b${name}\\b`).test(words), true) ??
        first(PYTHON, (name) => hasRequirement(text, name))
      );
    case "Gemfile":
      return first(RUBY, (name) => new RegExp(`^\\s*gem\\s+["']${name}["']`, "m").test(text));
    case "go.mod":
      return /^module\s/m.test(text) ? { id: "go", what: "a module" } : null;
  }
}

type Names = readonly (readonly [name: string, id: string])[];

const first = (names: Names, has: (name: string) => boolean, isCommand = false): Found | null => {
  const found = names.find(([name]) => has(name));
  return found === undefined ? null : { id: found[1], what: found[0], isCommand };
};

function inPackageJson(text: string, words: string): Found | null {
  const json = parsed(text);
  if (json === null) return null;
  if (/\bbun\b(?!\s+(run|x|start|dev)\b)/.test(words)) return { id: "bun", what: "bun in the command that starts it" };
  const versions = { ...record(json.devDependencies), ...record(json.dependencies) };
  const found = NODE.find(([name]) => typeof versions[name] === "string");
  if (found !== undefined) return { id: found[1], what: `${found[0]} ${versions[found[0]]}`.slice(0, 80) };
  return /\b(node|tsx|ts-node|nodemon)\b/.test(words) ? { id: "node", what: "no framework that is known" } : null;
}

/** The most particular one first: NestJS brings Express, and Next.js may be behind it. */
const NODE: Names = [
  ["next", "nextjs"],
  ["@nestjs/core", "nestjs"],
  ["fastify", "fastify"],
  ["@hapi/hapi", "hapi"],
  ["uWebSockets.js", "uwebsockets"],
  ["hyper-express", "uwebsockets"],
  ["elysia", "bun"],
  ["koa", "node"],
  ["hono", "node"],
  ["restify", "node"],
  ["express", "express"],
];

const JAVA: Names = [
  ["spring-boot-starter-jetty", "jetty"],
  ["spring-boot-starter-undertow", "wildfly"],
  ["spring-boot-starter-web", "tomcat-embedded"],
  ["spring-boot-starter-webmvc", "tomcat-embedded"],
  ["spring-boot-starter-webflux", "reactor-netty"],
];

const PYTHON_SERVERS: Names = [
  ["gunicorn", "gunicorn"],
  ["uvicorn", "uvicorn"],
  ["hypercorn", "hypercorn"],
  ["daphne", "daphne"],
  ["waitress-serve", "waitress"],
];

const PYTHON: Names = [
  ["gunicorn", "gunicorn"],
  ["hypercorn", "hypercorn"],
  ["daphne", "daphne"],
  ["waitress", "waitress"],
  ["fastapi", "uvicorn"],
  ["starlette", "uvicorn"],
  ["uvicorn", "uvicorn"],
  ["aiohttp", "aiohttp"],
  ["tornado", "tornado"],
  ["cherrypy", "cheroot"],
  ["flask", "werkzeug"],
];

const RUBY: Names = [
  ["unicorn", "unicorn"],
  ["puma", "puma"],
];

/** As a whole name: spring-boot-starter-web is the beginning of -webflux. */
const has = (text: string, name: string): boolean => new RegExp(`${name}(?![\\w-])`).test(text);

/** At a line's beginning or in quotes, before a version, an extra or nothing; a comment is no requirement. */
const hasRequirement = (text: string, name: string): boolean =>
  new RegExp(`(^|["'])\\s*${name}\\s*(?=["'[=<>~!;@, ]|$)`, "im").test(text.replace(/(^|\s)#.*$/gm, ""));

/** The script of package.json that a command runs: "next start" for "npm start"; "" where it runs none. */
function scriptOf(packageJson: string | undefined, command: string): string {
  const [, name] = /^\s*(?:npm|pnpm|yarn|bun)(?:\s+-\S+)*(?:\s+(?:run|run-script))?\s+([\w:.-]+)/.exec(command) ?? [];
  if (name === undefined || packageJson === undefined) return "";
  const script = record(parsed(packageJson)?.scripts)[name];
  return typeof script === "string" ? script : "";
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    return record(JSON.parse(text));
  } catch {
    return null;
  }
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

/**
 * The one of the two that is to be believed: the wire, where a name is in its answers; else what the project says. Express's
 * header is NestJS's as well; and where the wire's habits are Node's, no other language's project is what answers.
 */
export function moreCertain(wire: Software | null, declared: Software | null): Software | null {
  if (declared === null || wire === null) return wire ?? declared;
  if (wire.sure) return wire.id === "express" && declared.id === "nestjs" ? declared : wire;
  return ON_NODE.has(wire.id) && !ON_NODE.has(declared.id) ? wire : declared;
}

const ON_NODE = new Set(["node", "express", "nestjs", "nextjs", "fastify", "hapi"]);
