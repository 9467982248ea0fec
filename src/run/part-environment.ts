/**
 * What a part gets of this process's environment: what a program needs to run, to find its files, to reach the network and
 * Docker's engine. Not the rest, which in CI holds tokens.
 */
export const partEnvironment = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => NEEDED.test(name)));

const NEEDED = new RegExp(
  `^(${[
    "PATH|HOME|USER|LOGNAME|SHELL|TMPDIR|LANG|LANGUAGE|LC_.*|TZ|TERM|XDG_.*",
    "LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|NIX_.*",
    "SSL_CERT_FILE|SSL_CERT_DIR",
    "ALB502_.*",
    "(HTTP|HTTPS|NO|ALL)_PROXY",
    "DOCKER_(HOST|CONFIG|CONTEXT|CERT_PATH|TLS|TLS_VERIFY|API_VERSION)",
  ].join("|")})$`,
  "i",
);

/** What nobody needs whom this process starts: the request's own variables (src/cli/given.ts), which may hold secrets. */
export const withoutRequest = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !REQUEST.has(name)));

const REQUEST = new Set(["ALB502_HEADERS", "ALB502_BODY", "ALB502_PATH"]);
