import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { onlyEnglish } from "../../src/stage/only-english.ts";

/**
 * Bundles the package's command and, where it is there, its library: two files to start from, and in chunks/ what several
 * of them need, so that `alb502 --help` reads next to nothing.
 * @returns the two, and every source that is in them
 */
export async function bundleCommands(root: string, dist: string): Promise<{ entries: string[]; sources: string[] }> {
  const library = join(root, "src/api/index.ts");
  const entryPoints = {
    alb502: join(root, "scripts/run.mjs"),
    ...(existsSync(library) && { index: library }),
  };
  const { metafile } = await build({
    absWorkingDir: root, // what the names in the metafile are relative to
    entryPoints,
    outdir: dist,
    bundle: true, // zod inside: the package has no dependencies
    splitting: true, // a file for each command, read when it is called
    chunkNames: "chunks/[name]-[hash]",
    format: "esm", // splitting needs it, and so does import.meta.dirname, by which the package finds its folder
    platform: "node",
    target: "node20.18", // engines in package.json
    define: { "import.meta.inPackage": "true" }, // src/run/in-package.ts
    minifySyntax: true, // drops what cannot be reached then, with what it would import
    minifyWhitespace: true, // half the size; names stay, for whoever reads a stack
    legalComments: "none", // third-party.ts keeps the whole texts in one file
    plugins: [onlyEnglish],
    metafile: true,
    logLevel: "silent", // errors reach the caller as an exception
  });
  return {
    entries: Object.keys(entryPoints).map((name) => join(dist, `${name}.js`)),
    sources: Object.values(metafile.outputs).flatMap(({ inputs }) =>
      Object.keys(inputs).map((source) => resolve(root, source)),
    ),
  };
}
