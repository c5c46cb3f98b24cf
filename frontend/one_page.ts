// Make a bundle one HTML file: style and script stand in it, and a policy lets nothing else run or be fetched.

import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Plugin } from "vite";

const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** `name` is that of the bundle: its script, style and licences become one `<name>.html`; `besides` is what it may load. */
export function onePage(name: string, template: string, besides: string): Plugin {
  return {
    name: "one-page",
    writeBundle({ dir }) {
      const take = (file: string): string => {
        const path = join(dir!, file), text = readFileSync(path, "utf8");
        rmSync(path);
        return text;
      };
      // The end of a script is wherever these letters stand, in a string too.
      const script = take(`${name}.js`).replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
      const style = take(`${name}.css`), licences = take(`licences-${name}.md`).replaceAll("--", "- -");
      const policy = [
        "default-src 'none'", "connect-src 'none'", "base-uri 'none'", "form-action 'none'",
        `script-src ${hashOf(script)}`, `style-src ${hashOf(style)}`, besides,
      ].join("; ");
      const page = readFileSync(template, "utf8")
        .replace("<!--POLICY-->", () => `<meta http-equiv="Content-Security-Policy" content="${policy}">`)
        .replace("<!--STYLE-->", () => `<style>${style}</style>`)
        .replace("<!--SCRIPT-->", () => `<script>${script}</script>\n<!--\n${licences}\n-->`);
      writeFileSync(join(dir!, `${name}.html`), page);
    },
  };
}
