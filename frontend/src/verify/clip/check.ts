// Check a clip against its proof and the headers of the original (clip-proof.md, "Codes").
//
// Each step looks at all tracks before the next begins, so that two programs give one answer.

import { same } from "../plain/bytes";
import { salted } from "../plain/hash";
import { commit, type MediaCommitment, type Progress, type TrackCommitment } from "../media/commitment";
import { isMp4, topBoxes } from "../media/mp4";
import type { Pool } from "../media/pool";
import { NoClipProofs } from "../media/refusal";
import { ofBlob, Window } from "../media/window";
import { contradicted, notProven, proven, type Finding } from "../package/claims";
import { bytesOf, type Entry } from "../package/entry";
import { NEEDS_LOG } from "../package/log";
import type { ListedFile } from "../package/proof";
import { plural, sayMoment, sayTime } from "../package/words";
import { foldsTo } from "./fold";
import { parseHeader, rootOfHeaders, trackOf, type Track } from "./original";
import { enabledAlike, sameParams, shownAlike } from "./player";
import { unpackTimes, type ClipProof, type Rows, type Run, type TrackProof } from "./proof";
import { pictureOf, type Picture } from "./picture";
import { Clock, CLASSES, editsOf, measure, MOST_HIDDEN, APART, FIFTY_MS, seconds, type Shift } from "./timing";

const BOXES = "ftyp styp moov mdat moof mfra sidx free skip wide uuid pdin prft emsg".split(" ");

/** One track under check: what the clip has, what is proven of it, and the original's header. */
export interface Checked {
  readonly nth: number;
  readonly found: TrackCommitment;
  readonly clip: Track;
  readonly original: Track;
  readonly proof: TrackProof;
  /** The original's times, a row for each packet of the runs with an original. */
  readonly rows: Rows;
  /** For each run the first of its rows. */
  readonly rowOf: ReadonlyMap<Run, number>;
  readonly clipClock: Clock;
  readonly originalClock: Clock;
}

export interface ClipResult {
  readonly finding: Finding;
  readonly picture?: Picture;
}

/** A step's finding when the rule is broken. */
class Broken extends Error {
  constructor(readonly finding: Finding) {
    super(finding.reason);
  }
}

export async function checkClip(
  listed: ListedFile, file: Blob, entry: Entry, logProven: boolean, pool: Pool, progress: Progress,
): Promise<ClipResult> {
  try {
    const headers = committedHeaders(listed, entry);
    const found = await read(file, listed.clip!, headers, pool, progress);
    const tracks = await compare(found, listed.clip!, headers);
    return judged(tracks, headers, logProven, `from the original whose digest is in entry ${listed.entry} of the log, written ${sayTime(entry.at)}`);
  } catch (fault) {
    if (fault instanceof Broken) return { finding: fault.finding };
    throw fault;
  }
}

function committedHeaders(listed: ListedFile, entry: Entry): Track[] {
  const headers = listed.tracks.map(parseHeader), committed = bytesOf(entry.facts["m"]);
  const root = rootOfHeaders(listed.tracks);
  const holds = headers.length > 0 && (listed.mediaRoot === null || same(root, listed.mediaRoot))
    && committed !== null && same(salted("media", listed.salt!, root), committed);
  if (!holds || headers.includes(null)) {
    throw new Broken(contradicted("clip.other_commitment", "What the package says of the original is not what the log commits to."));
  }
  return headers as Track[];
}

async function read(file: Blob, proof: ClipProof, headers: readonly Track[], pool: Pool, progress: Progress): Promise<MediaCommitment> {
  const bare = proof.tracks.map(({ bare, of }) => (bare ? headers[of]?.params ?? null : null));
  let found: MediaCommitment;
  try {
    found = await commit(file, pool, progress, bare);
  } catch (fault) {
    if (!(fault instanceof NoClipProofs)) throw fault;
    throw new Broken(notProven("clip.unreadable", "The clip cannot be read packet by packet.", [fault.message]));
  }
  await checkBoxes(file);
  return found;
}

async function checkBoxes(file: Blob): Promise<void> {
  const window = new Window(ofBlob(file));
  if (!isMp4(await window.peek(0, 16))) return;
  let at = 0;
  for await (const { kind, end } of topBoxes(window, 0)) {
    if (!BOXES.includes(kind)) throw new Broken(notProven("clip.unknown_box", "The clip has a part of a kind that is not known here.", [kind]));
    at = end;
  }
  if (at !== file.size) throw new Broken(notProven("clip.unknown_box", "The clip has bytes that belong to no part of it."));
}

async function compare(found: MediaCommitment, { tracks: proofs }: ClipProof, headers: readonly Track[]): Promise<Checked[]> {
  const named = new Set(proofs.map(({ of }) => of));
  if (found.tracks.length !== proofs.length || named.size !== proofs.length || proofs.some(({ of }) => of >= headers.length)) {
    throw new Broken(contradicted("clip.tracks_differ", "The clip has other tracks than its proof is of."));
  }
  found.tracks.forEach((track, nth) => {
    if (!tiles(proofs[nth]!.runs, track.unitDigests.length)) {
      throw new Broken(contradicted("clip.runs_do_not_tile", "The proof does not cover every packet of the clip exactly once."));
    }
  });
  proofs.forEach(({ runs, of }) => {
    if (!inOrder(runs, headers[of]!.n)) {
      throw new Broken(contradicted("clip.runs_out_of_order", "The clip shows packets of the original twice, or out of their order."));
    }
  });
  const times = await Promise.all(proofs.map((proof) => unpackTimes(proof.times, rowCount(proof))));
  if (times.includes(null)) throw new Broken(notProven("clip.times_malformed", "The times in the proof cannot be read."));
  const tracks = found.tracks.map((track, nth) => checked(nth, track, proofs[nth]!, headers[proofs[nth]!.of]!, times[nth]!));
  tracks.forEach(({ original, proof, rows, found: { unitDigests } }) => {
    if (!foldsTo(original.root, original.n, proof, rows, unitDigests)) {
      throw new Broken(contradicted("clip.not_of_original", "Pictures or sound that are said to be the camera’s own are not."));
    }
  });
  return tracks;
}

const isOriginal = (run: Run): run is Run & { original: number } => run.original !== null;

const rowCount = ({ runs }: TrackProof): number =>
  runs.filter(isOriginal).reduce((sum, { from, to }) => sum + to - from, 0);

function tiles(runs: readonly Run[], packets: number): boolean {
  let at = 0;
  for (const { from, to } of runs) {
    if (from !== at || to <= from) return false;
    at = to;
  }
  return at === packets;
}

function inOrder(runs: readonly Run[], packets: number): boolean {
  let at = 0;
  for (const { from, to, original } of runs.filter(isOriginal)) {
    if (original < at || original + to - from > packets) return false;
    at = original + to - from;
  }
  return true;
}

function checked(nth: number, found: TrackCommitment, proof: TrackProof, original: Track, rows: Rows): Checked {
  const clip = trackOf(found.header)!, rowOf = new Map<Run, number>();
  let row = 0;
  for (const run of proof.runs.filter(isOriginal)) {
    rowOf.set(run, row);
    row += run.to - run.from;
  }
  const edits = editsOf(clip, original);
  const none = { empty: 0n, mediaTime: 0n, duration: 0n };
  return {
    nth, found, clip, original, proof, rows, rowOf,
    clipClock: new Clock(clip, edits?.[0] ?? none), originalClock: new Clock(original, edits?.[1] ?? none),
  };
}

function judged(tracks: readonly Checked[], headers: readonly Track[], logProven: boolean, whose: string): ClipResult {
  const broken = playerFault(tracks);
  if (broken) return { finding: broken };
  const { timing, apart } = timingOf(tracks);
  const picture = pictureOf(tracks);
  const with_ = (finding: Finding): ClipResult => ({ finding, picture });
  if (timing === 3) return with_(contradicted("clip.timing_altered", "The clip does not run as the original did: its packets are due at other times."));
  const hiding = tracks.find(hidesPackets);
  if (hiding) return with_(notProven("clip.hides_packets", `The clip keeps packets of track ${hiding.nth + 1} from being shown.`));
  const cuts = picture.tracks.flatMap((track) => track.cuts), changes = picture.tracks.flatMap(({ kind, parts }) =>
    parts.filter((part) => part.changed).map((part) => `Changed ${kind} from ${sayMoment(part.from)} to ${sayMoment(part.to)}`));
  const used = new Set(tracks.map(({ proof }) => proof.of));
  const all = tracks.reduce((sum, { found }) => sum + found.unitDigests.length, 0);
  const own = tracks.reduce((sum, { proof }) => sum + rowCount(proof), 0);
  const details = [
    plural(all, "packet"), ...changes, ...cuts.map((at) => `Something was cut out at ${sayMoment(at)}`),
    `Times: ${CLASSES[timing]}${apart > FIFTY_MS ? `; picture and sound moved against each other by ${seconds(apart).toFixed(3)} s` : ""}`,
    ...headers.flatMap(({ handler }, nth) => (used.has(nth) ? [] : [`Left out: track ${nth + 1} of the original (${handler})`])),
  ];
  if (tracks.some(cutsInsideGroup)) {
    return with_(notProven("clip.cut_inside_group", "After a cut, pictures rest on others that were left out or changed.", details));
  }
  if (tracks.some(({ proof: { runs } }) => runs.length && !runs.some(isOriginal))) {
    return with_(notProven("clip.all_changed", "Nothing of one of the clip’s tracks is the original’s.", details));
  }
  if (!logProven) return with_(NEEDS_LOG);
  if (changes.length) return with_(proven("clip.with_changes", `${own} of its ${plural(all, "packet")} are ${whose}. The others were made anew, in the ranges shown.`, details));
  if (cuts.length) return with_(proven("clip.with_cuts", `All ${plural(all, "packet")} are ${whose}. Something was cut out where shown.`, details));
  return with_(proven("clip.untouched", `All ${plural(all, "packet")} are ${whose}, in one piece, in order and at its own pace.`, details));
}

function playerFault(tracks: readonly Checked[]): Finding | null {
  const bringsSets = ({ proof: { runs }, found: { parameterSets } }: Checked) =>
    runs.some((run) => !isOriginal(run) && [...parameterSets].some((packet) => packet >= run.from && packet < run.to));
  const changed = ({ proof }: Checked) => proof.runs.some((run) => !isOriginal(run));
  if (tracks.some((track) => !sameParams(track.clip, track.original, changed(track)) || bringsSets(track))) {
    return contradicted("clip.params_differ", "The clip’s codec or its parameters are not the original’s.");
  }
  const all = tracks.map(({ clip }) => clip);
  if (tracks.some(({ clip, original }) => !shownAlike(clip, original))) {
    return contradicted("clip.shown_differently", "The clip is turned, cropped or stretched otherwise than the original.");
  }
  if (tracks.some(({ clip, original }) => !enabledAlike(clip, original, all))) {
    return contradicted("clip.shown_differently", "A track of the clip is switched off, so that players leave it out.");
  }
  const edited = tracks.some(({ clip, original }) => !editsOf(clip, original));
  return edited ? contradicted("clip.edit_list", "The clip’s edit list rearranges it, and is not the original’s.") : null;
}

/** The worst timing of all runs, and by how much picture and sound moved against each other. */
function timingOf(tracks: readonly Checked[]): { timing: number; apart: bigint } {
  const shifts = tracks.map(shiftsOf);
  let timing = 0;
  for (const runs of shifts) {
    runs.forEach((run, nth) => {
      timing = Math.max(timing, run.timing);
      // Time was put in.
      if (nth && run.shift > runs[nth - 1]!.shift + FIFTY_MS) timing = 3;
    });
  }
  const apart = movedApart(tracks, shifts);
  return { timing: apart > APART ? 3 : timing, apart };
}

const shiftsOf = ({ proof, rowOf, found, rows, clipClock, originalClock }: Checked): Shift[] =>
  proof.runs.filter(isOriginal).map((run) =>
    measure(run.from, run.to, rowOf.get(run)!, found.times.pts, rows, clipClock, originalClock));

function movedApart(tracks: readonly Checked[], shifts: readonly (readonly Shift[])[]): bigint {
  const compared = tracks.map((track, nth) => ({ track, shifts: shifts[nth]! }))
    .filter(({ track, shifts }) => ["vide", "soun"].includes(track.original.handler) && shifts.length);
  const lead = compared.find(({ track }) => track.original.handler === "vide") ?? compared[0];
  if (!lead) return 0n;
  const at = (track: Checked, packet: number) => track.clipClock.shown(track.found.times.pts[packet]!);
  let most = 0n;
  for (const { track, shifts } of compared) {
    if (track === lead.track) continue;
    for (const { from, to, shift } of shifts) {
      const moment = at(track, (from + to) >> 1);
      const beside = lead.shifts.findLast((run) => at(lead.track, run.from) <= moment) ?? lead.shifts[0]!;
      const apart = shift > beside.shift ? shift - beside.shift : beside.shift - shift;
      if (apart > most) most = apart;
    }
  }
  return most;
}

function hidesPackets({ proof, rowOf, rows, found: { times }, clipClock, originalClock }: Checked): boolean {
  let hidden = 0n;
  for (const run of proof.runs) {
    const row = rowOf.get(run);
    for (let packet = run.from; packet < run.to; packet++) {
      if (!clipClock.hides(times.pts[packet]!, times.duration[packet]!)) continue;
      const at = row === undefined ? null : row + packet - run.from;
      if (at !== null && originalClock.hides(rows.pts[at]!, rows.duration[at]!)) continue;
      const lasts = clipClock.lasts(times.duration[packet]!), early = -clipClock.shown(times.pts[packet]!);
      if (!clipClock.saysNoLength) hidden += lasts;
      else if (early > hidden) hidden = early;
    }
  }
  return hidden > MOST_HIDDEN;
}

/** Say whether pictures rest on others that are no longer there. */
function cutsInsideGroup({ proof: { runs }, original, rows, rowOf }: Checked): boolean {
  if (original.handler !== "vide") return false;
  const isSync = (run: Run) => Boolean(rows.flags[rowOf.get(run)!]! & 1);
  return runs.some((run, nth) => {
    const before = runs[nth - 1];
    if (!before || !isOriginal(run) || isSync(run)) return false;
    if (!isOriginal(before)) return true;
    if (before.original + before.to - before.from === run.original) return false;
    // Pictures before the first whole one were left out, as the standards allow.
    return !(before.to - before.from === 1 && isSync(before));
  });
}
