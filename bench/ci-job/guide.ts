import assert from "node:assert/strict";
import { parse, parseAllDocuments } from "yaml";

/** What docs/ci.md gives to paste into a file: its name, from the comment in the first line, and the text. */
export const blocksOf = (markdown: string): { file: string; text: string }[] =>
  [...markdown.matchAll(/^```\w+\n((?:#|\/\/) (\S+)\n[\s\S]*?)^```$/gm)].map(([, text, file]) => ({
    file: file!,
    text: text!,
  }));

/** The text for one file. */
export function blockFor(markdown: string, file: string): string {
  const found = blocksOf(markdown).filter((block) => block.file === file);
  assert.equal(found.length, 1, file);
  return found[0]!.text;
}

export interface GitlabJob {
  variables: Record<string, string | { value: string; expand: boolean }>;
  script: string[];
  artifacts: { paths: string[]; reports: { junit: string } };
}

/** A GitLab component's jobs as GitLab makes them of its inputs: https://docs.gitlab.com/ci/inputs/ */
export function componentJobs(component: string, given: Record<string, string>): Record<string, GitlabJob> {
  const [spec] = parseAllDocuments(component);
  const { inputs } = spec!.toJS().spec as { inputs: Record<string, { default?: string }> };
  const jobs = component.slice(component.indexOf("\n---\n") + 5);
  for (const name of Object.keys(given)) assert.ok(name in inputs, `the component has the input ${name}`);
  const filled = jobs.replaceAll(/\$\[\[ inputs\.([\w-]+) \]\]/g, (_, name: string) => {
    const value = given[name] ?? inputs[name]?.default;
    assert.ok(value !== undefined, `the input ${name} has a value`);
    return value;
  });
  return parse(filled) as Record<string, GitlabJob>;
}
