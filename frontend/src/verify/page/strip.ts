// What was changed in a clip, drawn over its time: original, changed, and where something was cut out.

import type { Part, Picture, PictureTrack } from "../clip/picture";
import { sayMoment } from "../package/words";
import { el, svg } from "./build";

const TOP = 8, LANE = 22;

export function strip({ tracks, seconds }: Picture): HTMLElement {
  const across = (at: number) => `${((100 * Math.max(0, at)) / Math.max(seconds, 1e-9)).toFixed(3)}%`;
  return el("figure", { class: "v-strip" },
    ...tracks.flatMap((track) => [el("p", { class: "v-strip__label" }, track.kind), lane(track, across)]),
    el("p", { class: "v-strip__times", "aria-hidden": "true" }, ...[0, seconds / 2, seconds].map((at) => el("span", {}, sayMoment(at)))),
    el("figcaption", {}, key("original", "the camera’s own"), key("changed", "changed"), key("cut", "something was cut out here")));
}

type Across = (at: number) => string;

function lane(track: PictureTrack, across: Across): SVGElement {
  return svg("svg", { width: "100%", height: TOP + LANE, role: "img", "aria-label": `${track.kind}: ${inWords(track)}` },
    svg("defs", {}, svg("pattern", { id: "v-hatch", width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      svg("rect", { width: 3, height: 8, class: "v-strip__hatch" }))),
    ...track.parts.flatMap((part) => bars(part, across)),
    ...track.cuts.map((at) => svg("svg", { x: across(at), overflow: "visible" },
      svg("path", { d: `M-6 0 h12 l-6 ${TOP} z M-1 ${TOP} h2 v${LANE} h-2 z`, class: "v-strip__cut" }))));
}

function bars({ from, to, changed }: Part, across: Across): SVGElement[] {
  const place = { x: across(from), y: TOP, height: LANE, width: across(to - Math.max(0, from)) };
  if (!changed) return [svg("rect", { ...place, class: "v-strip__original" })];
  return [svg("rect", { ...place, class: "v-strip__changed" }), svg("rect", { ...place, fill: "url(#v-hatch)" })];
}

function inWords({ parts, cuts }: PictureTrack): string {
  const changed = parts.filter((part) => part.changed).map(({ from, to }) => `changed from ${sayMoment(from)} to ${sayMoment(to)}`);
  const all = [...changed, ...cuts.map((at) => `cut at ${sayMoment(at)}`)];
  return all.length ? all.join(", ") : "all original";
}

const key = (kind: string, words: string): HTMLElement =>
  el("span", { class: `v-key v-key--${kind}` }, words);
