// Fragments: tables that come in pieces between the packets they describe (ISO/IEC 14496-12 section 8.8).
//
// A recording that broke off keeps its whole packets: those of its last fragment that are not
// there are left out, and the header says `cut`.

import type { Bytes } from "../plain/bytes";
import { Box, columns, number, number64 } from "./boxes";
import type { Mp4Track } from "./mp4_tracks";
import { addInFileOrder, type Placed } from "./file_order";
import { NoClipProofs } from "./refusal";
import { believable, checkPacketCount, type Places } from "./track";

interface Defaults {
  readonly entry: number;
  readonly duration: number;
  readonly size: number;
  readonly flags: number;
}

export class Fragments {
  cut = false;
  readonly #tracks = new Map<number, number>();
  readonly #defaults = new Map<number, Defaults>();
  #floor = 0;
  #count = 0;

  constructor(moov: Box, private readonly all: readonly Mp4Track[], private readonly fileSize: number) {
    all.forEach((track, nth) => this.#tracks.set(track.number, nth));
    if (this.#tracks.size !== all.length) throw new NoClipProofs("Two tracks of this file have the same number.");
    for (const track of all) {
      track.offset.forEach((at, nth) => (this.#floor = Math.max(this.#floor, at + track.size[nth]!)));
      this.#count += track.track.times.length;
    }
    for (const trex of moov.within("mvex").all("trex")) {
      const [entry, duration, size, flags] = [8, 12, 16, 20].map((at) => number(trex, at)) as [number, number, number, number];
      this.#defaults.set(number(trex, 4), { entry, duration, size, flags });
    }
  }

  /** Add the places of the packets of a `moof` that lies at these offsets. */
  read(data: Bytes, start: number, end: number, places: Places): void {
    if (this.cut) throw new NoClipProofs("A fragment in the middle of this file points past its end.");
    const found: Placed[] = [];
    let base = start;
    for (const traf of new Box(data).all("traf")) base = this.#traf(new Box(traf), start, base, found);
    this.#floor = Math.max(this.#floor, addInFileOrder(found, places, this.fileSize, [start, end], this.#floor));
  }

  #traf(traf: Box, start: number, base: number, found: Placed[]): number {
    const tfhd = traf.need("tfhd", 8);
    const name = number(tfhd, 4);
    const nth = this.#tracks.get(name), given = this.#defaults.get(name);
    if (nth === undefined || !given) throw new NoClipProofs("A fragment of this file belongs to no track.");
    const { defaults, ownBase } = readTfhd(tfhd, given);
    // s8.8.7: an own base, the moof, or for later ones the end of the one before.
    let at = ownBase ?? (number(tfhd, 1, 3) & 0x020000 ? start : base);
    const track = this.all[nth]!;
    const tfdt = traf.get("tfdt");
    if (tfdt) track.nextDts = believable(number(tfdt, 0, 1) === 1 ? number64(tfdt, 4) : BigInt(number(tfdt, 4)));
    const origin = at;
    for (const trun of traf.all("trun")) at = this.#trun(trun, nth, defaults, origin, at, found);
    return at;
  }

  #trun(trun: Bytes, nth: number, defaults: Defaults, origin: number, at: number, found: Placed[]): number {
    const flags = number(trun, 1, 3), count = number(trun, 4);
    let field = 8;
    if (flags & 0x1) {
      at = origin + (number(trun, field) | 0);
      field += 4;
    }
    const firstFlags = flags & 0x4 ? number(trun, field) : null;
    if (flags & 0x4) field += 4;
    checkPacketCount(count, this.fileSize);
    const wanted = [0x100, 0x200, 0x400, 0x800].filter((flag) => flags & flag);
    const read = columns(trun, field, count, wanted.length, "trun");
    const column = (flag: number): Float64Array | undefined => (flags & flag ? read[wanted.indexOf(flag)] : undefined);
    const [durations, sizes, marks, later] = [column(0x100), column(0x200), column(0x400), column(0x800)];
    if (!(at >= 0 && at < 2 ** 62)) throw new NoClipProofs("The file points at bytes past its own end.");

    const track = this.all[nth]!, { times, pcm, rules } = track.track;
    if (!(defaults.entry >= 1 && defaults.entry <= rules.length)) {
      throw new NoClipProofs("A fragment of this file names a sample entry that is not there.");
    }
    let missing = false;
    for (let packet = 0; packet < count; packet++) {
      const size = sizes?.[packet] ?? defaults.size, lasts = BigInt(durations?.[packet] ?? defaults.duration);
      const there = at + size <= this.fileSize;
      if (missing && there) throw new NoClipProofs("The file points at bytes past its own end.");
      missing ||= !there;
      if (there) {
        const mark = packet === 0 && firstFlags !== null ? firstFlags : marks?.[packet] ?? defaults.flags;
        // s8.8.3.1: bit 16 of the sample flags is sample_is_non_sync_sample.
        const sync = (Math.floor(mark / 65_536) & 1) ^ 1;
        const dts = track.nextDts;
        this.#count += 1;
        found.push({ track: nth, rule: defaults.entry - 1, index: pcm ? packet : times.length, offset: at, size });
        if (pcm) pcm.stretches.push({ bytes: size, dts, duration: lasts });
        else times.add(dts, dts + BigInt((later?.[packet] ?? 0) | 0), lasts, sync | ((defaults.entry - 1) << 1));
      }
      track.nextDts += lasts;
      at += size;
    }
    this.cut ||= missing;
    believable(track.nextDts);
    checkPacketCount(this.#count, this.fileSize);
    return at;
  }
}

function readTfhd(tfhd: Bytes, given: Defaults): { defaults: Defaults; ownBase: number | null } {
  const flags = number(tfhd, 1, 3);
  let at = 8, ownBase: number | null = null;
  if (flags & 0x1) {
    ownBase = Number(number64(tfhd, at));
    at += 8;
  }
  const values = [given.entry, given.duration, given.size, given.flags];
  [0x2, 0x8, 0x10, 0x20].forEach((flag, nth) => {
    if (!(flags & flag)) return;
    values[nth] = number(tfhd, at);
    at += 4;
  });
  const [entry, duration, size, marks] = values as [number, number, number, number];
  return { defaults: { entry, duration, size, flags: marks }, ownBase };
}
