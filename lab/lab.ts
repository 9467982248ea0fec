import type { Run } from "../src/run/run.ts";
import { bundleScenarios, bundleTargetApp, type Scenario } from "../src/stage/bundle.ts";
import { openRuntime, runtimeVersions } from "../src/stage/runtime.ts";
import type { Runtime } from "../src/stage/stage.ts";

/** What all experiments of one run share. */
export interface Lab {
  runtime: Runtime;
  versions: Readonly<Record<string, string>>;
  scenarios: Record<Scenario, string>;
  targetApp: string;
  /**
   * What only some experiments need, got when the first one asks for it: Python's servers, another Node.
   * @param name of the tool; the same name gives the same tool
   */
  once<T>(name: string, get: (run: Run) => Promise<T>): Promise<T>;
}

/** Makes the parts ready. @throws EnvironmentError where they cannot be had */
export async function openLab(run: Run): Promise<Lab> {
  const runtime = await openRuntime(run, "native", ["haproxy", "k6", "toxiproxy"]);
  const { bundles } = runtime;
  const scenarios = await bundleScenarios(bundles);
  const targetApp = await bundleTargetApp(bundles);
  const tools = new Map<string, Promise<unknown>>();
  return {
    ...{ runtime, scenarios, targetApp, versions: runtimeVersions(runtime) },
    once<T>(name: string, get: (run: Run) => Promise<T>): Promise<T> {
      if (!tools.has(name)) tools.set(name, get(run));
      return tools.get(name) as Promise<T>;
    },
  };
}
