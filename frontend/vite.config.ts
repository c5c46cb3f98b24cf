// Two bundles with fixed names; Django's static storage adds the hashes.
//
// They are built apart so that neither imports the other: a hashed page would
// otherwise load the same module twice under two names.

import { defineConfig } from "vitest/config";

const OUT = "../src/custodes/web/static/built";

export default defineConfig(({ mode }) => ({
  publicDir: mode === "custodes" ? "public" : false,
  build: {
    outDir: OUT,
    emptyOutDir: mode === "custodes",
    target: "es2022",
    modulePreload: false,
    license: { fileName: `licences-${mode}.md` },
    rolldownOptions: {
      input: { [mode]: `src/${mode}.ts` },
      output: {
        entryFileNames: "[name].js",
        assetFileNames: "[name][extname]",
        codeSplitting: false,
      },
    },
  },
  test: { environment: "happy-dom", include: ["tests/**/*.test.ts"] },
}));
