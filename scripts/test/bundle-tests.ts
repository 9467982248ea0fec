import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

/** Tests as plain JavaScript, and the commands that they start. */
export interface BundledTests {
  /** What Node runs for a test file. */
  built(file: string): string;
  /** The folder of scripts/run.mjs, which starts what is in src/command, of scripts/bench.mjs and target-app/main.mjs. */
  programs: string;
}

/** Names it to the tests: test/program.ts. */
export const PROGRAMS_VARIABLE = "ALB502_TEST_PROGRAMS";

/**
 * All at once, before the tests: compiled by tsx at each start, a command took more than a second of a core, and a test file
 * half of one. That was most of what the whole lane computed.
 * @param files test files, relative to `root`
 * @param folder inside of `root`, for the packages that stay outside of the bundle
 */
export async function bundleTests(root: string, files: readonly string[], folder: string): Promise<BundledTests> {
  // In builds of their own: what the commands share would lie in a hundred small files, cut for the tests.
  const programs = join(folder, "programs");
  await Promise.all([bundle(root, PROGRAMS, programs), bundle(root, files, folder)]);
  const built = (file: string) => join(folder, file.replace(/\.\w+$/, ".mjs"));
  return { built, programs };
}

function bundle(root: string, entryPoints: readonly string[], outdir: string): Promise<unknown> {
  return build({
    absWorkingDir: root,
    entryPoints: [...entryPoints],
    outdir,
    outbase: root,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true, // a module that two others import is still one
    format: "esm",
    platform: "node",
    target: "node20.18", // engines in package.json
    external: ["playwright-core"], // finds files of its own by where it is
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' }, // Express's
    sourcemap: "linked",
    sourcesContent: false,
    plugins: [fromItsPlace, withoutCompiler, buildOnce],
    logLevel: "warning",
  });
}

const PROGRAMS = ["scripts/run.mjs", "scripts/bench.ts", "target-app/main.ts"];

/** A source finds what lies beside it from where it is, not from where the bundle is. */
const fromItsPlace: Plugin = {
  name: "import.meta of the source",
  setup({ initialOptions, onLoad }) {
    initialOptions.define = { "import.meta.dirname": "SOURCE_FOLDER", "import.meta.url": "SOURCE_URL" };
    onLoad({ filter: /\.(ts|mjs|js)$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      if (!source.includes("import.meta.")) return null;
      const [folder, url] = [dirname(path), pathToFileURL(path).href].map((text) => JSON.stringify(text));
      // Before its first line, so that all lines keep their numbers.
      const constants = `const SOURCE_FOLDER = ${folder}, SOURCE_URL = ${url};`;
      return { contents: constants + source.replace(/^#!.*/, ""), loader: path.endsWith(".ts") ? "ts" : "js" };
    });
  },
};

/** All that tsx would compile is in the bundle. */
const withoutCompiler: Plugin = {
  name: "no tsx",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^tsx\/esm\/api$/ }, ({ path }) => ({ path, namespace: "no-tsx" }));
    onLoad({ filter: /^/, namespace: "no-tsx" }, () => ({ contents: "export const register = () => {};" }));
  },
};

/** esbuild itself stays outside: it finds its program by where it is. */
const buildOnce: Plugin = {
  name: "esbuild through build-once.ts",
  setup({ onResolve }) {
    const path = join(import.meta.dirname, "build-once.ts");
    onResolve({ filter: /^esbuild$/ }, ({ importer }) => (importer === path ? { external: true } : { path }));
  },
};
