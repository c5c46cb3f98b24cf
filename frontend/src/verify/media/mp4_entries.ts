// Sample entries: what an MP4 or QuickTime file says a track is coded as.

import { b64u, type Bytes } from "../plain/bytes";
import { Box, children, number } from "./boxes";
import * as coding from "./coding";
import type { Coding } from "./coding";
import type { Header } from "./track";

const AVC = ["avc1", "avc2", "avc3", "avc4", "dva1", "dvav"];
const HEVC = ["hvc1", "hev1", "dvh1", "dvhe"];
const MJPEG = ["jpeg", "mjpa", "mjpb", "MJPG"];
/** Bytes of one PCM sample, 0 where the entry's own sample size says it. */
const PCM = new Map([
  ["sowt", 0], ["twos", 0], ["raw ", 0], ["NONE", 0], ["lpcm", 0], ["in24", 3], ["in32", 4], ["fl32", 4],
  ["fl64", 8], ["ulaw", 1], ["alaw", 1], ["ipcm", 0], ["fpcm", 0],
]);
const KNOWN = new Map([["ac-3", "ac3"], ["ec-3", "eac3"], [".mp3", "mp3"]]);
const VISUAL_HEAD = 78;
const SOUND_HEAD = 28;

export interface Entry {
  readonly name: string;
  readonly coding: Coding;
  readonly shown: Header;
  /** Bytes of one frame and rate of uncompressed sound, else 0. */
  readonly frameBytes: number;
  readonly rate: number;
}

/** Read one entry; in a QuickTime `stsd` (version 0) a sound entry of version 1 or 2 is longer. */
export function readEntry(name: string, body: Bytes, handler: string, quicktime: boolean): Entry {
  if (handler === "vide" && body.length >= VISUAL_HEAD) return visual(name, body);
  if (handler === "soun" && body.length >= SOUND_HEAD) return sound(name, body, quicktime);
  return { name, coding: coding.plain(name, body), shown: {}, frameBytes: 0, rate: 0 };
}

function visual(name: string, body: Bytes): Entry {
  const inside = new Box(body.subarray(VISUAL_HEAD));
  const shown: Header = { size: [number(body, 24, 2), number(body, 26, 2)] };
  for (const kind of ["pasp", "clap", "colr"]) {
    const found = inside.all(kind)[0];
    if (found) shown[kind] = b64u(found);
  }
  return { name, coding: pictures(name, body, inside), shown, frameBytes: 0, rate: 0 };
}

function pictures(name: string, body: Bytes, inside: Box): Coding {
  const config = (kind: string) => inside.all(kind)[0] ?? new Uint8Array();
  if (AVC.includes(name)) return coding.h264(config("avcC"), name);
  if (HEVC.includes(name)) return coding.hevc(config("hvcC"), name);
  if (name === "av01") return coding.av1(config("av1C"));
  if (MJPEG.includes(name)) return coding.plain("mjpeg");
  if (inside.all("esds").length) return coding.described(name, config("esds").subarray(4));
  return coding.plain(name, body);
}

function sound(name: string, body: Bytes, quicktime: boolean): Entry {
  const version = number(body, 8, 2);
  let channels = number(body, 16, 2), bits = number(body, 18, 2);
  let rate = number(body, 24) >>> 16, start = SOUND_HEAD, frame = 0;
  if (quicktime && version === 1) {
    [frame, start] = [number(body, 36), SOUND_HEAD + 16];
  } else if (quicktime && version === 2) {
    // QTFF, sound sample description version 2: sizes and rate are elsewhere.
    number(body, 36);
    rate = whole(new DataView(body.buffer, body.byteOffset).getFloat64(32));
    [channels, bits, frame] = [number(body, 40), number(body, 48), number(body, 56)];
    start = SOUND_HEAD + 36;
  }
  const shown = { sound: [channels, rate, bits] };
  const sampleBytes = PCM.get(name);
  if (sampleBytes === undefined) {
    return { name, coding: soundCoding(name, body, new Box(body.subarray(start))), shown, frameBytes: 0, rate: 0 };
  }
  bits = pcmcBits(body.subarray(start)) || bits;
  frame ||= channels * (sampleBytes || (bits + 7) >> 3);
  return { name, coding: coding.plain("pcm", body), shown, frameBytes: frame, rate };
}

function soundCoding(name: string, body: Bytes, inside: Box): Coding {
  const wave = inside.all("wave")[0];
  const [esds, dOps, dfLa] = ["esds", "dOps", "dfLa"].map((kind) => (wave ? new Box(wave) : inside).all(kind)[0]);
  if (esds) return coding.described(name, esds.subarray(4));
  if (dOps) return coding.opus(dOps);
  if (dfLa) return coding.plain("flac", dfLa.subarray(4));
  // What dac3 and dec3 say is in every frame; Matroska does not store it.
  const known = KNOWN.get(name);
  return known ? coding.plain(known) : coding.plain(name, body);
}

function pcmcBits(rest: Bytes): number {
  // ISO/IEC 23003-5 s4: pcmC is version and flags, format flags, sample size.
  return children(rest).find(([kind]) => kind === "pcmC")?.[1][5] ?? 0;
}

const whole = (value: number): number => (value > 0 && value < 2 ** 32 ? Math.trunc(value) : 0);
