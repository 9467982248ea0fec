import { existsSync } from "node:fs";
import { fastLane } from "../../scripts/parts-for-tests.ts";
import { commandToGet, installWithApt } from "../../src/parts/install-with-apt.ts";
import { onPath } from "../../src/run/on-path.ts";
import { createProgress } from "../../src/run/progress.ts";

/**
 * A Chromium or Chrome of this machine; as root on Debian and Ubuntu it is installed where there is none (90 MB).
 * @returns its path, or why there is none, which is printed: the report is then not tested in a browser
 */
export async function findChromium(env: NodeJS.ProcessEnv = process.env): Promise<{ path: string } | { skip: string }> {
  if (fastLane) return { skip: fastLane };
  const found = await look(env);
  if (found) return { path: found };
  const progress = createProgress(process.stderr);
  try {
    const command = await commandToGet(CHROMIUM, env);
    if (command !== null) throw new Error(command);
    progress.line(
      "chromium is not on PATH: installing Debian's, the browser that opens the report, with apt-get (20-90 s)",
    );
    await installWithApt(CHROMIUM.apt, progress, env);
  } catch (error) {
    const skip = `NO BROWSER: the report is not opened in one here. To change that: ${(error as Error).message}`;
    progress.line(skip);
    return { skip };
  }
  const installed = await look(env);
  return installed ? { path: installed } : { skip: "NO BROWSER: apt-get installed chromium, but it is not on PATH" };
}

const CHROMIUM = {
  apt: "chromium",
  mac: "brew install --cask chromium",
  byHand: "install Chromium or Chrome with your package manager, and put it on PATH",
};

async function look(env: NodeJS.ProcessEnv): Promise<string | null> {
  for (const name of ["chromium", "google-chrome", "chromium-browser"]) {
    const [path] = await onPath(name, env);
    if (path) return path;
  }
  return MAC_APPS.find((path) => existsSync(path)) ?? null;
}

const MAC_APPS = ["Chromium", "Google Chrome"].map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`);
