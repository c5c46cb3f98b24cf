// Two bundles with fixed names, to which Django's static storage adds the hashes, and two pages of one file each: the
// verifier, and the player that goes into a package.
//
// They are built apart so that neither imports the other: a hashed page would
// otherwise load the same module twice under two names.

import { readFileSync } from "node:fs";

import { defineConfig } from "vitest/config";

import { onePage } from "./one_page.ts";

const OUT = "../src/custodes/web/static/built";
/** A trust policy that a release of the verifier is to carry, if any. */
const POLICY = process.env["CUSTODES_VERIFIER_POLICY"];

/** Pages of one file: their template, and what they may load besides their own script and style. */
const PAGES: Record<string, [string, string]> = {
  verify: ["src/verify/page/verify.html", "worker-src blob:"],
  // Films and pictures stand in the folder beside the page, which is opened from a disk.
  offline: ["src/offline/page.html", "media-src 'self' file:; img-src 'self' file:"],
};

export default defineConfig(({ mode }) => ({
  publicDir: mode === "custodes" ? "public" : false,
  plugins: PAGES[mode] ? [onePage(mode, ...PAGES[mode])] : [],
  define: { __BUILT_IN_POLICY__: JSON.stringify(POLICY ? readFileSync(POLICY, "utf8") : "") },
  worker: { format: "iife" as const },
  build: {
    outDir: OUT,
    emptyOutDir: mode === "custodes",
    target: "es2022",
    modulePreload: false,
    cssCodeSplit: !PAGES[mode],
    // The verifier is one file, and is never fetched over a slow line while somebody waits.
    chunkSizeWarningLimit: 700,
    license: { fileName: `licences-${mode}.md` },
    rolldownOptions: {
      input: { [mode]: `src/${mode}.ts` },
      output: {
        ...(PAGES[mode] ? { format: "iife" as const } : {}),
        entryFileNames: "[name].js",
        assetFileNames: PAGES[mode] ? `${mode}[extname]` : "[name][extname]",
        codeSplitting: false,
      },
    },
  },
  test: { environment: "happy-dom", include: ["tests/**/*.test.ts"] },
}));
