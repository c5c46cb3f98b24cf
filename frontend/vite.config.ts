// Two bundles with fixed names, to which Django's static storage adds the hashes, and the verifier, which is one file.
//
// They are built apart so that neither imports the other: a hashed page would
// otherwise load the same module twice under two names.

import { readFileSync } from "node:fs";

import { defineConfig } from "vitest/config";

import { onePage } from "./one_page.ts";

const OUT = "../src/custodes/web/static/built";
/** A trust policy that a release of the verifier is to carry, if any. */
const POLICY = process.env["CUSTODES_VERIFIER_POLICY"];

export default defineConfig(({ mode }) => ({
  publicDir: mode === "custodes" ? "public" : false,
  plugins: mode === "verify" ? [onePage("verify", "src/verify/page/verify.html")] : [],
  define: { __BUILT_IN_POLICY__: JSON.stringify(POLICY ? readFileSync(POLICY, "utf8") : "") },
  worker: { format: "iife" as const },
  build: {
    outDir: OUT,
    emptyOutDir: mode === "custodes",
    target: "es2022",
    modulePreload: false,
    cssCodeSplit: mode !== "verify",
    // The verifier is one file, and is never fetched over a slow line while somebody waits.
    chunkSizeWarningLimit: 700,
    license: { fileName: `licences-${mode}.md` },
    rolldownOptions: {
      input: { [mode]: `src/${mode}.ts` },
      output: {
        ...(mode === "verify" ? { format: "iife" as const } : {}),
        entryFileNames: "[name].js",
        assetFileNames: mode === "verify" ? "verify[extname]" : "[name][extname]",
        codeSplitting: false,
      },
    },
  },
  test: { environment: "happy-dom", include: ["tests/**/*.test.ts"] },
}));
