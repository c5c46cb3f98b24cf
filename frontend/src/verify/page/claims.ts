// How a claim is shown: a mark, one sentence, what it does not show, and the code in small print.

import type { Picture } from "../clip/picture";
import type { Claim, Verdict } from "../package/claims";
import { el, svg } from "./build";
import { strip } from "./strip";

/** What each claim leaves open, said beside it. */
const LEFT_OPEN: Readonly<Record<string, string>> = {
  whole: "who made it. Anybody can make a complete package.",
  proof: "anything else: without a proof, files are only files.",
  log: "that what the entries say is true; only that they stand in the log and were not changed.",
  witnessed: "that the witnesses are independent of each other and of the force.",
  time: "when something was filmed; only when the entries were written.",
  record: "what was never written down.",
  tail: "what happened after that census.",
  opened: "that what was written is true, nor what is withheld.",
  deletion: "that no copy of the recording or its key was kept, that it belonged under that line of the schedule, nor that no newer schedule was published than those shown here.",
  file: "what happened before the bytes reached the server.",
  clip: "why something was cut, nor what a changed range hides.",
  made: "that it shows what the original does: it was decoded for it. Only a clip with its proof, or the original, shows that.",
};

const TITLES: Readonly<Record<string, string>> = {
  whole: "The package", proof: "The proof", log: "The log", witnessed: "Witnesses", time: "Times", record: "Custody record",
  tail: "End of the record", opened: "Details shown", deletion: "Deletion", file: "Original", clip: "Clip", made: "Made of an original",
};

const SHAPES: Readonly<Record<Verdict, string>> = {
  "PROVEN": "M1 11 L5 7 L9 11 L18 1 L22 5 L9 19 Z",
  "NOT PROVEN": "M2 8 H20 V14 H2 Z",
  "CONTRADICTED": "M4 1 L11 8 L18 1 L21 4 L14 11 L21 18 L18 21 L11 14 L4 21 L1 18 L8 11 L1 4 Z",
};

export const KINDS: Readonly<Record<Verdict, string>> = {
  "PROVEN": "proven", "NOT PROVEN": "open", "CONTRADICTED": "contradicted",
};

/** The word and its shape; the colour only helps. */
export const mark = (verdict: Verdict): HTMLElement =>
  el("p", { class: `v-mark v-mark--${KINDS[verdict]}` },
    svg("svg", { viewBox: "0 0 22 22", width: 18, height: 18, "aria-hidden": "true", focusable: "false" }, svg("path", { d: SHAPES[verdict] })),
    el("span", {}, verdict));

const SHOWN_AT_ONCE = 4;

export function claimCard(claim: Claim, picture: Picture | undefined): HTMLElement {
  return el("article", { class: "v-claim", "data-claim": claim.claim, "data-about": claim.about, "data-verdict": claim.verdict, "data-reason": claim.reason },
    mark(claim.verdict),
    el("div", { class: "v-claim__body" },
      el("h3", {}, TITLES[claim.claim] ?? claim.claim, claim.about && el("span", { class: "v-claim__about" }, ` ${claim.about}`)),
      el("p", { class: "v-claim__sentence" }, claim.sentence),
      picture && strip(picture),
      details(claim.details),
      el("p", { class: "v-claim__open" }, `Does not show ${LEFT_OPEN[claim.claim] ?? "anything else."} `),
      el("p", { class: "v-claim__code" }, claim.reason)));
}

function details(lines: readonly string[]): HTMLElement | null {
  if (!lines.length) return null;
  const list = el("ul", { class: "v-details" }, ...lines.map((line) => el("li", {}, line)));
  if (lines.length <= SHOWN_AT_ONCE) return list;
  return el("details", { class: "v-more" }, el("summary", {}, `${lines.length} details`), list);
}
