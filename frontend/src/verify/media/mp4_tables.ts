// Sample tables: where each packet of an MP4 track lies and when it is due.
//
// ISO/IEC 14496-12 sections 8.6 and 8.7. A table's claim is checked against its own room and
// against the size of the file before anything of that size is made.

import type { Bytes } from "../plain/bytes";
import { columns, number, number64, table, type Box } from "./boxes";
import { NoClipProofs } from "./refusal";
import { checkPacketCount } from "./track";

export interface Chunk {
  readonly offset: number;
  readonly samples: number;
  /** The number of the sample entry, from 0; -1 where the file says 0. */
  readonly entry: number;
}

export interface Sizes {
  readonly count: number;
  /** The one size of all packets; 0 when they differ. */
  readonly one: number;
  readonly box: Bytes;
}

export function sampleSizes(stbl: Box): Sizes {
  const plain = stbl.get("stsz");
  if (plain) return { count: number(plain, 8), one: number(plain, 4), box: plain };
  const compact = stbl.need("stz2", 12);
  return { count: number(compact, 8), one: 0, box: compact };
}

export function readSizes(stbl: Box, { count, one, box }: Sizes, fileSize: number): Float64Array {
  if (one) {
    if (count * one > fileSize) {
      throw new NoClipProofs(`The file claims ${count} packets of ${one} bytes; it is not that large.`);
    }
    checkPacketCount(count, fileSize);
    return new Float64Array(count).fill(one);
  }
  if (!stbl.get("stsz")) return compactSizes(box, count, fileSize);
  const sizes = table(box, 12, count, 4, "stsz");
  checkPacketCount(count, fileSize);
  return sizes;
}

function compactSizes(box: Bytes, count: number, fileSize: number): Float64Array {
  const bits = number(box, 7, 1);
  if (bits !== 4 && bits !== 8 && bits !== 16) {
    throw new NoClipProofs(`The file's stz2 box uses fields of ${bits} bits, which do not exist.`);
  }
  const bytes = table(box, 12, Math.ceil((count * bits) / 8), 1, "stz2");
  checkPacketCount(count, fileSize);
  if (bits === 16) return table(box, 12, count, 2, "stz2");
  if (bits === 8) return bytes;
  return Float64Array.from({ length: count }, (_, nth) => {
    const pair = bytes[nth >> 1]!;
    return nth & 1 ? pair & 15 : pair >> 4;
  });
}

/** Read chunk offsets and how the `count` packets spread over them. */
export function readChunks(stbl: Box, count: number): Chunk[] {
  const offsets = chunkOffsets(stbl);
  const stsc = stbl.need("stsc", 8);
  const [first, each, entry] = columns(stsc, 8, number(stsc, 4), 3, "stsc") as [Float64Array, Float64Array, Float64Array];
  if (first.length && (first[0] !== 1 || first.some((chunk, at) => at && chunk < first[at - 1]!))) {
    throw new NoClipProofs("The file's stsc table counts its chunks in no order.");
  }
  const chunks: Chunk[] = [];
  let left = count;
  for (let row = 0; row < first.length && left; row++) {
    // Chunks beyond the offsets there are do not exist, however many are claimed.
    const end = Math.min(first[row + 1] ?? Infinity, offsets.length + 1);
    for (let chunk = first[row]!; chunk < end && left; chunk++) {
      const samples = Math.min(each[row]!, left);
      chunks.push({ offset: offsets[chunk - 1]!, samples, entry: entry[row]! - 1 });
      left -= samples;
    }
  }
  if (left) throw new NoClipProofs(`The file's tables do not say where ${left} of its ${count} packets are.`);
  return chunks;
}

function chunkOffsets(stbl: Box): Float64Array {
  const narrow = stbl.get("stco");
  if (narrow) return table(narrow, 8, number(narrow, 4), 4, "stco");
  const box = stbl.need("co64", 8);
  const count = number(box, 4);
  table(box, 8, count * 2, 4, "co64");
  return Float64Array.from({ length: count }, (_, nth) => {
    const offset = Number(number64(box, 8 + nth * 8));
    if (offset > Number.MAX_SAFE_INTEGER) throw new NoClipProofs("The file points at bytes past its own end.");
    return offset;
  });
}

/** Return the stts table as (packets, duration of each), cut to `count` packets. */
export function readRuns(stbl: Box, count: number): [packets: number, duration: number][] {
  const stts = stbl.need("stts", 8);
  const [runs, deltas] = columns(stts, 8, number(stts, 4), 2, "stts") as [Float64Array, Float64Array];
  const found: [number, number][] = [];
  let left = count;
  runs.forEach((run, nth) => {
    const packets = Math.min(run, left);
    if (packets) found.push([packets, deltas[nth]!]);
    left -= packets;
  });
  if (left) throw new NoClipProofs(`The file gives no times for ${left} of its ${count} packets.`);
  return found;
}

/** Return by how much each packet is shown later than it is decoded: signed in both versions. */
export function readOffsets(stbl: Box, count: number): Int32Array {
  const found = new Int32Array(count);
  const ctts = stbl.get("ctts");
  if (!ctts) return found;
  const [runs, stored] = columns(ctts, 8, number(ctts, 4), 2, "ctts") as [Float64Array, Float64Array];
  let at = 0;
  runs.forEach((run, nth) => {
    const end = Math.min(count, at + run);
    found.fill(stored[nth]! | 0, at, end);
    at = end;
  });
  return found;
}

export function readSync(stbl: Box, count: number): Uint8Array {
  const stss = stbl.get("stss");
  if (!stss) return new Uint8Array(count).fill(1);
  const sync = new Uint8Array(count);
  for (const at of table(stss, 8, number(stss, 4), 4, "stss")) if (at >= 1 && at <= count) sync[at - 1] = 1;
  return sync;
}
