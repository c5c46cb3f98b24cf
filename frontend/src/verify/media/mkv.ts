// Packets of Matroska and WebM files (RFC 9559), read strictly forward.
//
// A recording that broke off keeps its whole blocks; the last, incomplete one is left out and
// the header says `cut`. What follows the first Segment is not read.

import { b64u, bigEndian, hex, joined, type Bytes } from "../plain/bytes";
import { children, headOf, integer, lengthOf, MAX_HEAD, signed, spans, UNKNOWN, type Element } from "./ebml";
import { readBlock, type Block } from "./mkv_blocks";
import { NANOSECONDS, readTracks, type MkvTrack } from "./mkv_tracks";
import { NoClipProofs } from "./refusal";
import { believable, checkPacketCount, Places, type Movie } from "./track";
import { MAX_PACKET, type Window } from "./window";

const MAX_ELEMENTS = 50_000_000;
const MAX_TRACKS_SIZE = 16 << 20;
const MAX_DISCARDS = 1000;
const EBML = 0x1a45dfa3, SEGMENT = 0x18538067, INFO = 0x1549a966, TRACKS = 0x1654ae6b, CLUSTER = 0x1f43b675;
const SCALE = 0x2ad7b1, TIMESTAMP = 0xe7, SIMPLE = 0xa3, GROUP = 0xa0, ENCRYPTED = 0xaf;
const BLOCK = 0xa1, LASTS = 0x9b, REFERENCE = 0xfb, DISCARD = 0x75a2;
/** Elements that stand directly in a Segment: one of them ends a cluster of unknown size. */
const TOP = new Set([INFO, TRACKS, CLUSTER, 0x114d9b74, 0x1c53bb6b, 0x1941a469, 0x1043a770, 0x1254c367]);
const OUTSIDE = new Set([EBML, SEGMENT]);
/** Where something of unknown size ends: where the file does, whenever that is. */
const OPEN = Infinity;

/** The file ends where an element of unknown size may end. */
class Ended extends Error {}
/** The file ends inside an element. */
class CutShort extends Error {}

export const isMkv = (head: Bytes): boolean => hex(head.subarray(0, 4)) === "1a45dfa3";

export async function readMkv(window: Window): Promise<Movie> {
  const walk = new Walk(window);
  try {
    await walk.toTheFirstCluster();
  } catch (fault) {
    if (fault instanceof CutShort || fault instanceof Ended) {
      throw new NoClipProofs("The file is cut short before its first packet.");
    }
    throw fault;
  }
  await walk.packets();
  return { tracks: walk.tracks.map(({ track }) => track), places: walk.places };
}

class Walk {
  tracks: readonly MkvTrack[] = [];
  readonly places = new Places();
  readonly #size: number;
  #at = 0;
  #end = 0;
  #scale = 1_000_000n;
  readonly #lane = new Map<number, number>();
  readonly #discards = new Map<number, Bytes[]>();

  constructor(private readonly window: Window) {
    this.#size = window.size;
  }

  async toTheFirstCluster(): Promise<void> {
    await this.#enterSegment();
    while (this.#at < this.#end) {
      const element = await this.#head(this.#end);
      if (element.id === CLUSTER) break;
      if (element.id === INFO) this.#noteScale(await this.#payload(element, this.#end));
      else if (element.id === TRACKS) this.#noteTracks(await this.#payload(element, this.#end));
      this.#at = this.#after(element, this.#end);
    }
    if (!this.tracks.length) throw new NoClipProofs("The file lists no tracks before its first packet.");
  }

  async packets(): Promise<void> {
    let cut = false;
    try {
      await this.#clusters();
    } catch (fault) {
      if (!(fault instanceof Ended || fault instanceof CutShort)) throw fault;
      cut = fault instanceof CutShort;
    }
    this.tracks.forEach(({ track }, nth) => {
      if (cut) track.header["cut"] = true;
      const discards = this.#discards.get(nth);
      if (discards) track.header["discard"] = b64u(joined(...discards));
    });
  }

  async #enterSegment(): Promise<void> {
    this.#at = this.#after(await this.#head(this.#size), this.#size);
    const segment = await this.#head(this.#size);
    if (segment.id !== SEGMENT) throw new NoClipProofs("The file begins like Matroska but has no Segment.");
    this.#at = segment.start;
    // A Segment that claims more than the file has is one that broke off.
    this.#end = segment.size === UNKNOWN ? OPEN : segment.start + segment.size;
  }

  async #clusters(): Promise<void> {
    for (let count = 0; count < MAX_ELEMENTS && this.#at < this.#end; count++) {
      const element = await this.#head(this.#end);
      if (OUTSIDE.has(element.id)) return;
      if (element.id === TRACKS) throw new NoClipProofs("The file lists its tracks twice.");
      if (element.id !== CLUSTER) {
        this.#at = this.#after(element, this.#end);
        continue;
      }
      this.#at = element.start;
      const end = element.size === UNKNOWN ? this.#end : element.start + element.size;
      if (end > this.#end) throw new NoClipProofs("An element of this Matroska file is larger than what holds it.");
      await this.#cluster(end);
    }
  }

  async #cluster(end: number): Promise<void> {
    let timestamp: bigint | null = null;
    while (this.#at < end) {
      const element = await this.#head(end);
      if (TOP.has(element.id) || OUTSIDE.has(element.id)) return;
      if (element.id === TIMESTAMP) {
        timestamp = integer(await this.#payload(element, end));
      } else if (element.id === SIMPLE) {
        const block = readBlock(await this.#payload(element, end));
        this.#frames(block, element.start, timestamp, null, block.key);
      } else if (element.id === GROUP) {
        this.#group(await this.#payload(element, end), element.start, timestamp);
      } else if (element.id === ENCRYPTED) {
        throw new NoClipProofs("The file holds encrypted blocks, whose track is not known.");
      }
      this.#at = this.#after(element, end);
    }
  }

  #group(data: Bytes, start: number, timestamp: bigint | null): void {
    let lasts: bigint | null = null, found: [number, number] | null = null, discard = 0n, key = true;
    for (const [id, from, to] of spans(data)) {
      if (id === BLOCK && !found) found = [from, to];
      else if (id === LASTS) lasts = integer(data.subarray(from, to));
      else if (id === REFERENCE) key = false;
      else if (id === DISCARD) discard = signed(data.subarray(from, to));
    }
    if (!found) return;
    const block = readBlock(data.subarray(...found));
    const last = this.#frames(block, start + found[0], timestamp, lasts, key);
    if (discard) this.#noteDiscard(this.#lane.get(block.track)!, last, discard);
  }

  /** Take the frames of a block in; returns the index of the last. */
  #frames(block: Block, start: number, timestamp: bigint | null, lasts: bigint | null, key: boolean): number {
    const nth = this.#lane.get(block.track);
    if (nth === undefined || timestamp === null) {
      throw new NoClipProofs("A block of this file belongs to no track, or to no time.");
    }
    const entry = this.tracks[nth]!, count = BigInt(block.frames.length);
    checkPacketCount(this.places.length + block.frames.length, this.#size);
    const due = (timestamp + BigInt(block.later)) * this.#scale;
    const whole = lasts === null ? entry.frameLasts * count : lasts * this.#scale;
    believable(due + whole);
    let index = 0;
    block.frames.forEach(([offset, size], number) => {
      const begun = (whole * BigInt(number)) / count, ends = (whole * BigInt(number + 1)) / count;
      index = this.#note(entry, size, due + begun, ends - begun, key);
      this.places.add(nth, 0, index, start + offset, size);
    });
    return index;
  }

  #note({ track }: MkvTrack, size: number, due: bigint, lasts: bigint, key: boolean): number {
    if (track.pcm) {
      const bytes = size + track.prefix.length;
      const duration = (BigInt(bytes) * BigInt(NANOSECONDS)) / BigInt(track.pcm.bytesPerSecond);
      track.pcm.stretches.push({ bytes, dts: due, duration });
      return 0;
    }
    track.times.add(due, due, lasts, Number(key));
    return track.times.length - 1;
  }

  #noteDiscard(nth: number, index: number, discard: bigint): void {
    const noted = this.#discards.get(nth) ?? [];
    if (noted.length === MAX_DISCARDS) throw new NoClipProofs("The file trims far too many packets (DiscardPadding).");
    noted.push(joined(bigEndian(index, 4), bigEndian(BigInt.asUintN(64, discard), 8)));
    this.#discards.set(nth, noted);
  }

  #noteScale(info: Bytes): void {
    for (const [id, payload] of children(info)) if (id === SCALE) this.#scale = integer(payload);
    if (!(this.#scale > 0n && this.#scale < 1n << 40n)) {
      throw new NoClipProofs("The clock of this file is impossible (TimestampScale).");
    }
  }

  #noteTracks(payload: Bytes): void {
    if (this.tracks.length) throw new NoClipProofs("The file lists its tracks twice.");
    this.tracks = readTracks(payload);
    this.tracks.forEach((track, nth) => this.#lane.set(Number(track.number), nth));
  }

  async #head(end: number): Promise<Element> {
    const length = Math.min(MAX_HEAD, end - this.#at, this.#size - this.#at);
    const head = this.window.atHand(this.#at, length) ?? (await this.window.peek(this.#at, length));
    if (!head.length && end === OPEN) throw new Ended();
    if (this.#at + head.length === this.#size && !isWhole(head)) throw new CutShort();
    const { id, size, start } = headOf(head);
    return { id, size, start: this.#at + start };
  }

  async #payload(element: Element, end: number): Promise<Bytes> {
    this.#after(element, end);
    return this.window.atHand(element.start, element.size)
      ?? this.window.view(element.start, element.size, this.tracks.length ? MAX_PACKET : MAX_TRACKS_SIZE);
  }

  #after({ start, size }: Element, end: number): number {
    if (size === UNKNOWN) throw new NoClipProofs("An element of this file has no size where it must have one.");
    if (start + size > end) throw new NoClipProofs("An element of this Matroska file is larger than what holds it.");
    if (start + size > this.#size) throw new CutShort();
    return start + size;
  }
}

/** Say whether the last bytes of a file are a whole head, not half of one. */
function isWhole(head: Bytes): boolean {
  const first = head[0];
  if (first === undefined) return false;
  const idLength = lengthOf(first);
  if (idLength > 4) return true; // no id at all, which is another fault
  const second = head[idLength];
  return second !== undefined && head.length >= idLength + lengthOf(second);
}
