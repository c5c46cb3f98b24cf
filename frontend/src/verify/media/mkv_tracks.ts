// The tracks of a Matroska or WebM file: their committed headers (RFC 9559 section 5.1.4).

import { b64u, latin1, type Bytes } from "../plain/bytes";
import * as coding from "./coding";
import type { Coding } from "./coding";
import { children, elements, integer, number, real } from "./ebml";
import { NoClipProofs } from "./refusal";
import { checkTrackCount, newTrack, type Header, type Track } from "./track";

export const NANOSECONDS = 1_000_000_000;
const HANDLERS = new Map([
  [1, "vide"], [2, "soun"], [3, "cplx"], [0x10, "logo"], [0x11, "subt"], [0x12, "butt"], [0x20, "ctrl"], [0x21, "meta"],
]);
const NAMES = new Map([
  ["A_AAC", "aac"], ["A_FLAC", "flac"], ["V_MPEG4/ISO/SP", "mpeg4"], ["V_MPEG4/ISO/ASP", "mpeg4"], ["V_MPEG4/ISO/AP", "mpeg4"],
  ["A_PCM/INT/LIT", "pcm"], ["A_PCM/INT/BIG", "pcm"], ["A_PCM/FLOAT/IEEE", "pcm"],
]);
const BARE = new Map([["A_AC3", "ac3"], ["A_EAC3", "eac3"], ["A_MPEG/L3", "mp3"], ["V_MJPEG", "mjpeg"]]);
const ENTRY = 0xae, NUMBER = 0xd7, TYPE = 0x83, ENABLED = 0xb9, CODEC = 0x86, PRIVATE = 0x63a2;
const DEFAULT_DURATION = 0x23e383, SCALE = 0x23314f, VIDEO = 0xe0, AUDIO = 0xe1, ENCODINGS = 0x6d80;
/** Cropping, display size and unit, interlacing, stereo, alpha: all decide what is seen. */
const SEEN = new Map([
  [0x54aa, "crop_bottom"], [0x54bb, "crop_top"], [0x54cc, "crop_left"], [0x54dd, "crop_right"], [0x54b0, "display_width"],
  [0x54ba, "display_height"], [0x54b2, "display_unit"], [0x9a, "interlaced"], [0x9d, "field_order"], [0x53b8, "stereo"],
  [0x53c0, "alpha"],
]);
const NONE: Bytes = new Uint8Array();

type Elements = Map<number, Bytes>;

/** A track, its number in blocks, and how long a frame lasts if the file says so (ns). */
export interface MkvTrack {
  readonly track: Track;
  readonly number: bigint;
  readonly frameLasts: bigint;
}

export function readTracks(payload: Bytes): MkvTrack[] {
  const entries = children(payload).filter(([id]) => id === ENTRY).map(([, data]) => data);
  checkTrackCount(entries.length);
  const tracks = entries.map((entry) => readTrack(elements(entry)));
  if (new Set(tracks.map((track) => track.number)).size !== tracks.length) {
    throw new NoClipProofs("Two tracks of this file have the same number.");
  }
  return tracks;
}

function readTrack(entry: Elements): MkvTrack {
  const scale = entry.get(SCALE);
  if (scale && real(scale) !== 1) {
    throw new NoClipProofs("A track of this file runs on a clock of its own (TrackTimestampScale).");
  }
  const name = latin1(entry.get(CODEC) ?? NONE).replace(/\0+$/, "");
  const { prefix, sealed } = stripped(entry.get(ENCODINGS) ?? NONE);
  const found = sealed ? coding.plain(name) : codingOf(name, entry.get(PRIVATE) ?? NONE);
  const header = headerOf(entry, name, found);
  if (sealed) header["sealed"] = sealed;
  const track = newTrack(header, [found.rule], prefix);
  if (found.codec === "pcm") {
    track.pcm = { bytesPerSecond: bytesPerSecond(elements(entry.get(AUDIO) ?? NONE)), stretches: [] };
  }
  const lasts = integer(entry.get(DEFAULT_DURATION));
  return { track, number: integer(entry.get(NUMBER)), frameLasts: lasts < 1n << 62n ? lasts : 1n << 62n };
}

function headerOf(entry: Elements, name: string, found: Coding): Header {
  const header: Header = {
    v: 1, container: "mkv", handler: HANDLERS.get(number(entry.get(TYPE))) ?? "", timescale: NANOSECONDS,
    enabled: !entry.has(ENABLED) || integer(entry.get(ENABLED)) !== 0n,
    entry: name, codec: found.codec, params: found.params.map(b64u),
  };
  const video = entry.get(VIDEO), audio = entry.get(AUDIO);
  if (video) Object.assign(header, seen(elements(video)));
  if (audio) header["sound"] = sound(elements(audio));
  for (const [id, word] of [[0x56aa, "delay"], [0x56bb, "preroll"]] as const) {
    if (entry.has(id)) header[word] = committed(entry.get(id));
  }
  return header;
}

function seen(video: Elements): Header {
  const found: Header = { size: [committed(video.get(0xb0)), committed(video.get(0xba))] };
  for (const [id, word] of SEEN) if (video.has(id)) found[word] = committed(video.get(id));
  for (const [id, word] of [[0x55b0, "colour"], [0x7670, "projection"]] as const) {
    const stored = video.get(id);
    if (stored) found[word] = b64u(stored);
  }
  return found;
}

function sound(audio: Elements): [number, number, number] {
  // RFC 9559 s5.1.4.1.29: 8000 Hz and one channel where nothing is said.
  const rate = audio.has(0xb5) ? real(audio.get(0xb5)!) : 8000;
  const channels = audio.has(0x9f) ? committed(audio.get(0x9f)) : 1;
  return [channels, rate >= 0 && rate < 2 ** 32 ? Math.trunc(rate) : 0, committed(audio.get(0x6264))];
}

function codingOf(name: string, config: Bytes): Coding {
  if (name === "V_MPEG4/ISO/AVC") return coding.h264(config, name);
  if (name === "V_MPEGH/ISO/HEVC") return coding.hevc(config, name);
  if (name === "V_AV1") return coding.av1(config);
  if (name === "A_OPUS") return coding.opus(config);
  const bare = BARE.get(name);
  if (bare) return coding.plain(bare);
  return coding.plain(NAMES.get(name) ?? name, latin1(config.subarray(0, 4)) === "fLaC" ? config.subarray(4) : config);
}

function bytesPerSecond(audio: Elements): number {
  const [channels, rate, depth] = sound(audio);
  const found = channels * rate * Math.floor((depth + 7) / 8);
  if (!(found > 0 && found <= 64 << 20)) {
    throw new NoClipProofs("The uncompressed sound of this file claims an impossible rate.");
  }
  return found;
}

/** Return the bytes stripped from each frame, or what else was done to the frames. */
function stripped(encodings: Bytes): { prefix: Bytes; sealed: string } {
  // RFC 9559 s5.1.4.1.31. Only header stripping is undone; a frame that is
  // compressed or encrypted is committed as it is stored.
  const found = children(encodings).filter(([id]) => id === 0x6240).map(([, data]) => elements(data));
  const one = found[0];
  if (!one) return { prefix: NONE, sealed: "" };
  const compression = elements(one.get(0x5034) ?? NONE);
  const scope = one.has(0x5032) ? number(one.get(0x5032)) : 1;
  const encrypts = integer(one.get(0x5033)) !== 0n || one.has(0x5035);
  const algorithm = number(compression.get(0x4254));
  if (found.length > 1 || encrypts) return { prefix: NONE, sealed: encrypts ? "encrypted" : "encoded" };
  if (algorithm === 3 && scope === 1) return { prefix: compression.get(0x4255) ?? NONE, sealed: "" };
  return { prefix: NONE, sealed: `compressed ${Math.min(algorithm, 255)}, scope ${Math.min(scope, 255)}` };
}

const committed = (payload: Bytes | undefined): number => Math.min(number(payload), Number.MAX_SAFE_INTEGER);
