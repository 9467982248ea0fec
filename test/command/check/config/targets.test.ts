import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import { configIn, loadConfig } from "../../../../src/command/check/config/load.ts";
import type { Config } from "../../../../src/command/check/config/schema.ts";
import { targetsOf } from "../../../../src/command/check/config/targets.ts";
import { runToEnd } from "../../../../src/run/process.ts";
import { ROOT } from "../../../../src/run/root.ts";
import { scratchFolder } from "../../../parts/scratch.ts";

const FILE = "/project/alb502.config.json";
const targets = (config: Config, { picked = [] as string[], env = {}, out = null as string | null } = {}) =>
  targetsOf(config, { file: FILE, picked, out }, env);

describe("The targets of a config", () => {
  it("have what holds for all, save where they say otherwise, and a folder each.", () => {
    const [one, other] = targets(
      {
        lb: { profile: "gcp", rtt: "5ms" },
        options: { connections: 20, expect: "lost", runtime: "native" },
        targets: [
          { name: "one", url: "3000/health" },
          {
            name: "other",
            url: "https://example.com",
            lb: { idleTimeout: "30s" },
            expect: "clean",
            okStatus: [200, "4XX"],
          },
        ],
      },
      { out: "/results" },
    );
    assert.deepEqual(
      [one!.options.target.href, one!.options.request.path, one!.options.out],
      ["http://localhost:3000/health", "/health", "/results/one"],
    );
    const read = ({ options }: typeof one & object) => [
      options.lbIdleMs,
      options.rttMs,
      options.connections,
      options.expect,
    ];
    assert.deepEqual(
      [read(one!), read(other!)],
      [
        [600_000, 5, 20, "lost"],
        [30_000, 5, 20, "clean"],
      ],
    );
    assert.deepEqual([one!.options.runtime, other!.options.okStatus], ["native", ["200", "4xx"]]);
    assert.deepEqual([one!.options.maxWaitMs, other!.options.maxWaitMs], [618_005, 35_005]);
  });

  it("read headers and bodies from the environment, and name the variable that is missing or empty.", () => {
    const target = { name: "api", url: "3000", headers: { Authorization: { env: "TOKEN" } }, body: { env: "BODY" } };
    const [read] = targets({ targets: [target] }, { env: { TOKEN: "Bearer s3cret", BODY: "@notafile" } });
    assert.deepEqual(read!.options.request, {
      ...{ method: "POST", path: "/", body: "@notafile" },
      headers: [["Authorization", "Bearer s3cret"]],
    });
    assert.throws(() => targets({ targets: [target] }, { env: { TOKEN: "" } }), {
      message:
        "alb502.config.json: targets[0] (api): headers.Authorization is the value of the variable TOKEN, which is empty: set it, or leave headers.Authorization out; docs/config.md has them all",
    });
  });

  it("are told with all that is wrong with them, a line each, before any is checked.", () => {
    const config = {
      targets: [
        { name: "a", url: "ftp://x" },
        { name: "b", url: "3000", method: "HEAD" },
        { name: "c", url: "3000" },
      ],
    };
    assert.throws(
      () => targets(config),
      ({ message }: Error) => {
        const lines = message.split("\n");
        assert.equal(lines.length, 3);
        assert.match(lines[0]!, /^alb502\.config\.json has 2 problems; /);
        assert.match(
          lines[1]!,
          /^ {2}alb502\.config\.json: targets\[0\] \(a\): "ftp:\/\/x" is not an http or https URL/,
        );
        return true;
      },
    );
  });

  it("may be picked by name; a wrong one is told with the nearest.", () => {
    const config = { targets: ["web", "api"].map((name) => ({ name, url: "3000" })) };
    assert.deepEqual(
      targets(config, { picked: ["api"] }).map(({ name }) => name),
      ["api"],
    );
    assert.throws(() => targets(config, { picked: ["apis"] }), {
      message: '--target is "apis", expected web or api; did you mean api?',
      exitCode: 2,
    });
  });

  it("are started as --start starts them: in the config's folder, and what the environment gave is a secret.", () => {
    const start = { command: "npm start", cwd: "api", env: { PORT: "3000", KEY: { env: "API_KEY" } } };
    const [read] = targets({ targets: [{ name: "api", url: "3000", start }] }, { env: { API_KEY: "s3cret" } });
    assert.deepEqual((read!.options as { start?: unknown }).start, {
      ...{ command: "npm start", cwd: "/project/api", env: { PORT: "3000", KEY: "s3cret" }, secrets: ["s3cret"] },
      ...{ timeoutMs: 60_000, reuseExistingServer: false, gracefulShutdown: { signal: "SIGTERM", timeoutMs: 5000 } },
    });
  });
});

describe("A config file", () => {
  const TARGETS = '{ "targets": [{ "name": "api", "url": "3000" }] }';
  async function folderWith(t: TestContext, files: Record<string, string>): Promise<string> {
    const folder = await scratchFolder(t);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "package.json"), '{ "type": "module" }');
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return folder;
  }

  it("is JSON, TypeScript or JavaScript; of one folder, one.", async (t) => {
    for (const [name, text] of [
      ["alb502.config.json", `\uFEFF${TARGETS}`],
      ["alb502.config.mjs", `export default ${TARGETS};`],
      ["alb502.config.js", `export default ${TARGETS};`],
    ] as const) {
      const folder = await folderWith(t, { [name]: text });
      assert.equal(configIn(folder), join(folder, name));
      assert.deepEqual((await loadConfig(join(folder, name))).targets, [{ name: "api", url: "3000" }], name);
    }
    const name = "alb502.config.ts";
    const folder = await folderWith(t, { [name]: `const config: object = ${TARGETS};\nexport default config;` });
    assert.equal(configIn(folder), join(folder, name));
    assert.deepEqual(await loadedAsInAClone(join(folder, name)), [{ name: "api", url: "3000" }]);
    const both = await folderWith(t, { "alb502.config.json": TARGETS, "alb502.config.ts": "" });
    assert.throws(() => configIn(both), { message: /^alb502\.config\.json and alb502\.config\.ts are both here: / });
    assert.equal(configIn(await folderWith(t, {})), null);
  });

  it("that is none is told in one line: exit code 2.", async (t) => {
    const bad: [name: string, text: string | null, message: RegExp][] = [
      ["alb502.config.json", "{ targets: [] }", /^alb502\.config\.json is no JSON: /],
      ["alb502.config.json", "{}", /^alb502\.config\.json: targets is missing: expected a list; docs\/config\.md/],
      ["alb502.config.mjs", "throw new Error('no')", /^alb502\.config\.mjs cannot be loaded: no$/],
      ["alb502.config.mjs", "export const x = 1;", /^alb502\.config\.mjs has no default export: expected /],
      ["other.yaml", "", /^--config is "other\.yaml", expected a file that ends in \.json, \.ts, /],
      ["missing.json", null, /^--config ".*missing\.json": there is no such file$/],
    ];
    for (const [name, text, message] of bad) {
      const folder = await folderWith(t, text === null ? {} : { [name]: text });
      await assert.rejects(loadConfig(join(folder, name)), { name: "UsageError", message, exitCode: 2 });
    }
  });
});

/** Its targets, in a process that has tsx, as a clone's commands have: npm test's own bundles have none. */
async function loadedAsInAClone(file: string): Promise<unknown> {
  const load = pathToFileURL(join(ROOT, "src/command/check/config/load.ts")).href;
  const code = `
    const { loadConfig } = await import(${JSON.stringify(load)});
    console.log(JSON.stringify((await loadConfig(${JSON.stringify(file)})).targets));`;
  const { stdout, stderr } = await runToEnd(process.execPath, ["--import", "tsx", "--input-type=module", "-e", code], {
    cwd: ROOT,
    env: process.env,
  });
  return JSON.parse(stdout || assert.fail(stderr));
}
