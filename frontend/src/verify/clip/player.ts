// What a player is told of a track: parameter sets, and how it is to be shown (clip-proof.md, "What a player is told").

import { hex, same, type Bytes } from "../plain/bytes";
import { dumps, type Json } from "../plain/cj1";
import { nalType } from "../media/units";
import { blob, numberOf, type Track } from "./original";

/** Say whether codec, parameter sets and further sample entries are the original's. */
export function sameParams(clip: Track, original: Track, changed: boolean): boolean {
  if (clip.codec !== original.codec || clip.handler !== original.handler) return false;
  if (!sameJson(clip.header["more"] ?? [], original.header["more"] ?? [])) return false;
  const ours = compared(clip), theirs = compared(original);
  const further = beside(ours, theirs);
  if (further === null) return false;
  return further.length === 0 || (changed && clip.codec === "h264" && areNew(further, theirs));
}

/** What the clip has beside the original's sets; null unless it has all of these, in their order. */
function beside(ours: readonly Bytes[], theirs: readonly Bytes[]): Bytes[] | null {
  const further: Bytes[] = [];
  let met = 0;
  for (const each of ours) {
    if (met < theirs.length && same(each, theirs[met]!)) met++;
    else further.push(each);
  }
  return met === theirs.length ? further : null;
}

function compared({ codec, params }: Track): readonly Bytes[] {
  if (codec === "hevc") return params.filter((unit) => unit.length && [32, 33, 34].includes(nalType(unit, true)));
  if (codec === "aac") return params.map((config) => (hex(config.subarray(-3)) === "56e500" ? config.subarray(0, -3) : config));
  return params;
}

/** Say whether every further parameter set has a name that no other has. */
function areNew(further: readonly Bytes[], theirs: readonly Bytes[]): boolean {
  const taken = theirs.map(nameOf);
  return further.every((unit) => {
    const name = nameOf(unit), isNew = name !== null && !taken.includes(name);
    taken.push(name);
    return isNew;
  });
}

/** The type and identifier of an SPS or PPS (ITU-T H.264 sections 7.3.2.1 and 7.3.2.2); null for anything else. */
function nameOf(unit: Bytes): string | null {
  const type = nalType(unit, false);
  // profile_idc, constraints and level_idc come before the identifier of an SPS
  const id = type === 7 ? expGolomb(unit, 4) : type === 8 ? expGolomb(unit, 1) : null;
  return id === null ? null : `${type}/${id}`;
}

function expGolomb(unit: Bytes, from: number): number | null {
  const bits = Array.from(withoutEmulation(unit).subarray(from, from + 8), (byte) => byte.toString(2).padStart(8, "0")).join("");
  const zeros = bits.indexOf("1");
  if (zeros < 0 || bits.length < 2 * zeros + 1) return null;
  return parseInt(bits.slice(zeros, 2 * zeros + 1), 2) - 1;
}

/** H.264 s7.4.1: 00 00 03 in a unit stands for 00 00. */
const withoutEmulation = (unit: Bytes): Bytes =>
  unit.filter((byte, at) => !(byte === 3 && at > 1 && unit[at - 1] === 0 && unit[at - 2] === 0));

const UPRIGHT = "00010000" + "00000000" + "00000000" + "00010000";

/** Say whether the picture has the original's size, turn, crop and aspect. */
export function shownAlike(clip: Track, original: Track): boolean {
  if (original.handler !== "vide") return true;
  return sameJson(clip.header["size"], original.header["size"])
    && turn(clip) === turn(original)
    && crop(clip) === crop(original)
    && Math.abs(aspect(clip) - aspect(original)) <= 0.01 * aspect(original);
}

function turn(track: Track): string {
  const matrix = blob(track, "matrix");
  const numbers = matrix.length === 36 ? [0, 4, 12, 16].map((at) => hex(matrix.subarray(at, at + 4))).join("") : UPRIGHT;
  return [numbers, text(track, "movie_matrix"), text(track, "projection")].join();
}

const text = (track: Track, member: string): string => String(track.header[member] ?? "none");

const crop = (track: Track): string =>
  [text(track, "clap"), ...["top", "bottom", "left", "right"].map((side) => numberOf(track, `crop_${side}`))].join();

function aspect(track: Track): number {
  const [width, height] = (track.header["size"] as [number, number] | undefined) ?? [1, 1];
  const unit = numberOf(track, "display_unit"), shown = [numberOf(track, "display_width"), numberOf(track, "display_height")];
  if ((unit === 0 || unit === 3) && shown[0] && shown[1]) return shown[0] / shown[1];
  const pasp = blob(track, "pasp"), view = new DataView(pasp.buffer, pasp.byteOffset, pasp.byteLength);
  const [h, v] = pasp.length >= 8 ? [view.getUint32(0), view.getUint32(4)] : [1, 1];
  return (width * h) / Math.max(1, height * v);
}

/** Say whether some track of this handler that the original enables is enabled in the clip. */
export const enabledAlike = (clip: Track, original: Track, all: readonly Track[]): boolean =>
  original.header["enabled"] !== true || all.some((track) => track.handler === clip.handler && track.header["enabled"] === true);

function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return same(dumps(a, { maxBytes: 65_535 }), dumps(b, { maxBytes: 65_535 }));
}
