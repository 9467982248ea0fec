import type { Plugin } from "esbuild";

/** zod's messages in 50 languages are half of zod, and what is bundled here says everything in English. */
export const onlyEnglish: Plugin = {
  name: "only zod's English messages",
  setup({ onLoad }) {
    const filter = /zod[/\\]v4[/\\]locales[/\\]index\.c?js$/;
    onLoad({ filter }, () => ({ contents: 'export { default as en } from "./en.js";' }));
  },
};
