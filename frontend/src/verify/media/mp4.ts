// Packets of MP4 and QuickTime files, from their own tables.

import { latin1, type Bytes } from "../plain/bytes";
import { Box, headOf } from "./boxes";
import { addInFileOrder, type Placed } from "./file_order";
import { Fragments } from "./mp4_fragments";
import { readTracks, type Mp4Track } from "./mp4_tracks";
import { NoClipProofs } from "./refusal";
import { checkPacketCount, Places, type Movie } from "./track";
import type { Window } from "./window";

const FIRST_BOXES = ["ftyp", "moov", "mdat", "free", "skip", "wide", "pnot", "styp", "uuid"];
const MAX_BOXES = 1_000_000;
const MAX_MOOV = 128 << 20;
const MAX_MOOF = 32 << 20;

export interface TopBox {
  readonly kind: string;
  readonly head: number;
  readonly start: number;
  readonly end: number;
}

export const isMp4 = (head: Bytes): boolean => FIRST_BOXES.includes(latin1(head.subarray(4, 8)));

export async function readMp4(window: Window): Promise<Movie> {
  const found = await findMoov(window);
  if (found.end > window.size) throw new NoClipProofs("The file is cut short inside its tables (moov): nothing can be found.");
  const moov = new Box((await window.view(found.start, found.end - found.start, MAX_MOOV)).subarray(found.head));
  const tracks = readTracks(moov, window.size);
  const places = new Places();
  const fragments = moov.get("mvex") ? new Fragments(moov, tracks, window.size) : null;
  addTables(tracks, places, window.size, [found.start, found.end]);
  await addFragments(window, found.end, fragments, tracks, places);
  return { tracks: tracks.map(({ track }) => track), places };
}

/** Give the outermost boxes from an offset on, as far as the file holds whole heads. */
export async function* topBoxes(window: Window, at: number): AsyncGenerator<TopBox> {
  for (let count = 0; count < MAX_BOXES; count++) {
    if (at + 8 > window.size) return;
    const box = headOf(await window.peek(at, 16), window.size - at);
    if (!box) return;
    yield { kind: box.kind, head: box.head, start: at, end: at + box.size };
    at += box.size;
  }
  throw new NoClipProofs(`The file has more than ${MAX_BOXES} boxes.`);
}

async function findMoov(window: Window): Promise<TopBox> {
  for await (const box of topBoxes(window, 0)) if (box.kind === "moov") return box;
  throw new NoClipProofs("The file has no tables (moov), so its packets cannot be found.");
}

function addTables(tracks: readonly Mp4Track[], places: Places, fileSize: number, moov: [number, number]): void {
  checkPacketCount(tracks.reduce((sum, track) => sum + track.offset.length, 0), fileSize);
  const all: Placed[] = [];
  tracks.forEach((track, nth) => track.offset.forEach((offset, index) => {
    all.push({ track: nth, rule: track.entry[index]!, index, offset, size: track.size[index]! });
  }));
  addInFileOrder(all, places, fileSize, moov);
}

async function addFragments(
  window: Window, from: number, fragments: Fragments | null, tracks: readonly Mp4Track[], places: Places,
): Promise<void> {
  for await (const { kind, head, start, end } of topBoxes(window, from)) {
    if (kind === "moov") throw new NoClipProofs("The file has two tables of contents (moov) that may disagree.");
    if (kind !== "moof") continue;
    if (!fragments) throw new NoClipProofs("The file has fragments that its tables do not announce.");
    if (end > window.size) {
      fragments.cut = true;
      break;
    }
    fragments.read((await window.view(start, end - start, MAX_MOOF)).subarray(head), start, end, places);
  }
  if (fragments?.cut) for (const { track } of tracks) track.header["cut"] = true;
}
