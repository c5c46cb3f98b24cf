// The whole result: how many claims of each kind, every claim, and the limits. There is never one tick for all.

import type { Checked } from "../package/verify";
import { plural, sayTime } from "../package/words";
import { byId, el } from "./build";
import { claimCard, KINDS } from "./claims";
import type { Verdict } from "../package/claims";

export interface About {
  readonly name: string;
  readonly trust: string;
  readonly again: () => void;
}

export function showResult({ result, pictures }: Checked, about: About): void {
  const section = byId("result");
  section.replaceChildren(
    el("h2", { id: "result-title", tabindex: "-1" }, "What was found"),
    el("p", { class: "v-about" }, el("strong", {}, about.name), ` checked on ${sayTime(Date.now())}. ${about.trust}`),
    el("ul", { class: "v-counts" }, ...counts(result.claims.map(({ verdict }) => verdict))),
    el("div", { class: "v-claims" }, ...result.claims.map((claim) => claimCard(claim, pictures.get(claim.about)))),
    el("section", { class: "v-limits", "aria-labelledby": "limits-title" },
      el("h3", { id: "limits-title" }, "What no result of this kind shows"),
      el("ol", {}, ...result.limits.map((limit) => el("li", {}, limit)))),
    actions(result, about));
  section.hidden = false;
  byId("result-title").focus();
}

function counts(verdicts: readonly Verdict[]): HTMLElement[] {
  const words: Readonly<Record<Verdict, string>> = { "PROVEN": "proven", "NOT PROVEN": "not proven", "CONTRADICTED": "contradicted" };
  return (Object.keys(words) as Verdict[]).map((verdict) => {
    const count = verdicts.filter((one) => one === verdict).length;
    return el("li", { class: `v-count v-count--${count ? KINDS[verdict] : "none"}` }, `${plural(count, "claim")} ${words[verdict]}`);
  });
}

function actions(result: Checked["result"], about: About): HTMLElement {
  const button = (words: string, does: () => void) => {
    const made = el("button", { type: "button", class: "v-button" }, words);
    made.addEventListener("click", does);
    return made;
  };
  return el("div", { class: "v-actions" },
    button("Print this", () => print()),
    button("Save as JSON", () => save(result, about.name)),
    button("Check another package", about.again));
}

function save(result: Checked["result"], name: string): void {
  const address = URL.createObjectURL(new Blob([JSON.stringify(result, null, 1)], { type: "application/json" }));
  el("a", { href: address, download: `${name.replace(/\.zip$/i, "")} checked.json` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
