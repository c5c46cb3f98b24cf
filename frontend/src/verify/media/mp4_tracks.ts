// The tracks of an MP4 file: their committed headers and their packets from sample tables.

import { b64u, bigEndian, hex, joined, latin1, type Bytes } from "../plain/bytes";
import { Box, children, number } from "./boxes";
import { readEntry, type Entry } from "./mp4_entries";
import { readChunks, readOffsets, readRuns, readSizes, readSync, sampleSizes, type Sizes } from "./mp4_tables";
import { NoClipProofs } from "./refusal";
import { checkTrackCount, newTrack, type Header, type Pcm, type Track } from "./track";

const IDENTITY = "00010000" + "0".repeat(24) + "00010000" + "0".repeat(24) + "40000000";
const MAX_ENTRIES = 127;
/** A chunk of sound is fed in pieces of at most this many bytes. */
const PIECE = 1 << 20;

/** A track with what its fragments will need. */
export interface Mp4Track {
  readonly track: Track;
  readonly number: number;
  readonly offset: number[];
  readonly size: number[];
  readonly entry: number[];
  nextDts: bigint;
}

export function readTracks(moov: Box, fileSize: number): Mp4Track[] {
  const traks = moov.all("trak");
  checkTrackCount(traks.length);
  const mvhd = moov.get("mvhd");
  return traks.map((trak) => readTrack(new Box(trak), mvhd?.length ? mvhd : new Uint8Array(32), fileSize));
}

function readTrack(trak: Box, mvhd: Bytes, fileSize: number): Mp4Track {
  const mdia = trak.within("mdia");
  const stbl = mdia.within("minf").within("stbl");
  checkSelfContained(mdia.within("minf"));
  const handler = latin1(mdia.need("hdlr", 12).subarray(8, 12));
  const { entries, raw } = readEntries(stbl, handler);
  const header = headerOf(trak, mdia, mvhd, handler);
  const first = entries[0];
  Object.assign(header, first?.shown);
  header["entry"] = first?.name ?? "";
  header["codec"] = first?.coding.codec ?? "";
  header["params"] = first?.coding.params.map(b64u) ?? [];
  if (entries.length > 1) header["more"] = raw.slice(1).map(b64u);
  const track = newTrack(header, first ? entries.map((entry) => entry.coding.rule) : ["whole"]);
  if (first?.coding.codec === "pcm") track.pcm = pcmOf(entries, header["timescale"] as number);
  return withSamples(track, trak, stbl, entries, fileSize);
}

function withSamples(track: Track, trak: Box, stbl: Box, entries: readonly Entry[], fileSize: number): Mp4Track {
  const tkhd = trak.need("tkhd");
  const found: Mp4Track = {
    track, number: number(tkhd, version(tkhd) === 1 ? 20 : 12), offset: [], size: [], entry: [], nextDts: 0n,
  };
  const sizes = sampleSizes(stbl);
  if (track.pcm && sizes.one) {
    const frame = sizes.one > 1 ? sizes.one : Math.max(1, entries[0]!.frameBytes);
    pcmPieces(found, stbl, sizes.count, frame, fileSize);
    pcmTimes(found, track.pcm, stbl, sizes.count, frame);
  } else {
    packets(found, stbl, sizes, fileSize);
  }
  return found;
}

function packets(found: Mp4Track, stbl: Box, sizes: Sizes, fileSize: number): void {
  const size = readSizes(stbl, sizes, fileSize);
  const chunks = readChunks(stbl, sizes.count);
  const durations = readRuns(stbl, sizes.count);
  const later = readOffsets(stbl, sizes.count), sync = readSync(stbl, sizes.count);
  const { times, pcm, rules } = found.track;
  let nth = 0, run = 0, left = durations[0]?.[0] ?? 0;
  for (const chunk of chunks) {
    let at = chunk.offset;
    if (chunk.samples && !(chunk.entry >= 0 && chunk.entry < rules.length)) {
      throw new NoClipProofs("A packet of this file names a sample entry that is not there.");
    }
    for (let end = nth + chunk.samples; nth < end; nth++) {
      while (!left) left = durations[++run]![0];
      const duration = durations[run]![1];
      left -= 1;
      found.offset.push(at);
      found.size.push(size[nth]!);
      found.entry.push(chunk.entry);
      const dts = found.nextDts, lasts = BigInt(duration);
      if (pcm) pcm.stretches.push({ bytes: size[nth]!, dts, duration: lasts });
      else times.add(dts, dts + BigInt(later[nth]!), lasts, sync[nth]! | (chunk.entry << 1));
      found.nextDts += lasts;
      at += size[nth]!;
    }
  }
}

function pcmOf(entries: readonly Entry[], timescale: number): Pcm {
  if (entries.length > 1) throw new NoClipProofs("The uncompressed sound of this file changes its form on the way.");
  const bytesPerSecond = entries[0]!.frameBytes * (entries[0]!.rate || timescale);
  if (!(bytesPerSecond > 0 && bytesPerSecond <= PIECE * 64)) {
    throw new NoClipProofs("The uncompressed sound of this file claims an impossible rate.");
  }
  return { bytesPerSecond, stretches: [] };
}

function pcmPieces(found: Mp4Track, stbl: Box, count: number, frame: number, fileSize: number): void {
  if (count * frame > fileSize) {
    throw new NoClipProofs(`The file claims ${count} samples of sound of ${frame} bytes; it is not that large.`);
  }
  let before = 0;
  for (const chunk of readChunks(stbl, count)) {
    if (chunk.offset < before) throw new NoClipProofs("The uncompressed sound of this file lies in no order.");
    before = chunk.offset;
    const size = chunk.samples * frame;
    for (let at = 0; at === 0 || at < size; at += PIECE) {
      found.offset.push(chunk.offset + at);
      found.size.push(Math.min(PIECE, size - at));
      found.entry.push(0);
    }
  }
}

function pcmTimes(found: Mp4Track, pcm: Pcm, stbl: Box, count: number, frame: number): void {
  for (const [run, delta] of readRuns(stbl, count)) {
    const duration = BigInt(run) * BigInt(delta);
    pcm.stretches.push({ bytes: run * frame, dts: found.nextDts, duration });
    found.nextDts += duration;
  }
}

function readEntries(stbl: Box, handler: string): { entries: Entry[]; raw: Bytes[] } {
  const stsd = stbl.get("stsd");
  if (!stsd) return { entries: [], raw: [] };
  const quicktime = version(stsd) === 0;
  const found = children(stsd.subarray(8)).slice(0, number(stsd, 4));
  if (found.length > MAX_ENTRIES) throw new NoClipProofs(`A track of this file has ${found.length} sample entries.`);
  return {
    entries: found.map(([kind, body]) => readEntry(kind, body, handler, quicktime)),
    raw: found.map(([kind, body]) => joined(Uint8Array.from(kind, (c) => c.charCodeAt(0)), body)),
  };
}

function headerOf(trak: Box, mdia: Box, mvhd: Bytes, handler: string): Header {
  const tkhd = trak.need("tkhd", 84), mdhd = mdia.need("mdhd", 16);
  const timescale = number(mdhd, version(mdhd) === 1 ? 20 : 12);
  if (timescale === 0) throw new NoClipProofs("A track of this file has no clock (its timescale is 0).");
  let late = version(tkhd) === 1 ? 12 : 0;
  const header: Header = {
    v: 1, container: "mp4", handler, timescale,
    enabled: Boolean(number(tkhd, 3, 1) & 1),
    matrix: b64u(tkhd.subarray(40 + late, 76 + late)),
    shown: [number(tkhd, 76 + late), number(tkhd, 80 + late)],
  };
  late = version(mvhd) === 1 ? 12 : 0;
  const movie = mvhd.subarray(36 + late, 72 + late);
  if (movie.length && hex(movie) !== IDENTITY) header["movie_matrix"] = b64u(movie);
  const edits = editsOf(trak);
  if (edits.length) {
    header["elst"] = b64u(edits);
    header["movie_timescale"] = number(mvhd, late ? 20 : 12);
  }
  return header;
}

function editsOf(trak: Box): Bytes {
  const edts = trak.get("edts");
  const elst = edts && new Box(edts).get("elst");
  if (!elst) return new Uint8Array();
  const rows = number(elst, 4), width = version(elst) === 1 ? 20 : 12;
  if (rows * width > elst.length - 8) throw new NoClipProofs(`The file's edit list claims ${rows} entries it does not have.`);
  const edits: Bytes[] = [];
  for (let at = 8; at < 8 + rows * width; at += width) edits.push(edit(elst.subarray(at, at + width)));
  return joined(...edits);
}

function edit(row: Bytes): Bytes {
  if (row.length === 20) return row;
  // Brought to the 64-bit form, so that both forms of one edit commit the same.
  const media = bigEndian(BigInt.asUintN(64, BigInt(number(row, 4) | 0)), 8);
  return joined(new Uint8Array(4), row.subarray(0, 4), media, row.subarray(8));
}

function checkSelfContained(minf: Box): void {
  const dinf = minf.get("dinf");
  const dref = dinf && new Box(dinf).get("dref");
  for (const [, reference] of dref ? children(dref.subarray(8)) : []) {
    // ISO/IEC 14496-12 s8.7.2: flag 1 means "in this very file".
    if (!(number(reference, 3, 1) & 1)) throw new NoClipProofs("A track of this file keeps its packets in another file.");
  }
}

const version = (box: Bytes): number => number(box, 0, 1);
