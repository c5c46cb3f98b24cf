// The media commitment of a file, a tree over the encoded packets of each track; and the tree of its chunks.
//
// Written down in docs/reference/formats/media-commitment.md; the same roots as the program that made them.

import { b64u, type Bytes } from "../plain/bytes";
import { dumps, NotCanonical } from "../plain/cj1";
import { leafHash, rootOf, RunningTree } from "../plain/tree";
import type { Done, Job, Packet } from "./hashing";
import { isMkv, readMkv } from "./mkv";
import { isMp4, readMp4 } from "./mp4";
import { PcmUnits, unitTimes } from "./pcm";
import type { Pool } from "./pool";
import { NoClipProofs } from "./refusal";
import { checkPacketCount, type Header, type Movie, type Times, type Track } from "./track";
import type { Bare } from "./units";
import { ofBlob, Window } from "./window";

const MAX_HEADER = 65_535;
/** A stretch that one worker reads at a time. */
const STRETCH = 8 << 20;

export interface TrackCommitment {
  /** As committed, with n and root. */
  readonly header: Header;
  readonly times: Times;
  readonly unitDigests: readonly Bytes[];
  /** The packets that hold parameter sets of their own, or may: they should be NAL units and are not. */
  readonly parameterSets: ReadonlySet<number>;
}

export interface MediaCommitment {
  readonly tracks: readonly TrackCommitment[];
  readonly root: Bytes;
}

/** Called with how many bytes more have been hashed. */
export type Progress = (bytes: number) => void;

/** Return the root over the chunks of 1 MiB of a file. */
export async function chunkRoot(file: Blob, pool: Pool, progress: Progress): Promise<Bytes> {
  const chunks = new RunningTree();
  await hashAll(file, pool, stretches(file.size, null, []), progress, (done) => {
    for (let at = 0; at < done.chunks.length; at += 32) chunks.add(done.chunks.slice(at, at + 32));
  });
  return chunks.root();
}

/** Hash a file packet by packet; throws NoClipProofs. `bare` says for each track what to leave out, if anything. */
export async function commit(file: Blob, pool: Pool, progress: Progress, bare: readonly Bare[] = []): Promise<MediaCommitment> {
  const movie = await readMovie(file), { places } = movie;
  const gathered = movie.tracks.map((track) => new Gathered(track));
  let place = 0;
  await hashAll(file, pool, stretches(file.size, movie, bare), progress, (done, job) => {
    let hashed = 0, heard = 0;
    for (const packet of job.packets) {
      const lane = gathered[places.track[place]!]!;
      if (packet.rule === "bytes") {
        const length = packet.prefix.length + packet.size;
        lane.sound(done.sound.subarray(heard, (heard += length)));
      } else {
        lane.unit(places.index[place]!, done.digests.slice(32 * hashed, 32 * hashed + 32), Boolean(done.parameterSets[hashed]));
        hashed += 1;
      }
      place += 1;
    }
  });
  const tracks = gathered.map((track) => track.finished(file.size));
  return { tracks, root: rootOf(tracks.map(({ header }) => leafHash(headerBytes(header)))) };
}

export async function readMovie(file: Blob): Promise<Movie> {
  if (!file.size) throw new NoClipProofs("The file is empty.");
  const head = await ofBlob(file).read(0, Math.min(16, file.size));
  if (isMkv(head)) return readMkv(new Window(ofBlob(file), 4 << 20));
  if (isMp4(head)) return readMp4(new Window(ofBlob(file)));
  throw new NoClipProofs("This is not an MP4, MOV or Matroska file; packets of other kinds are not read here.");
}

export function headerBytes(header: Header): Bytes {
  try {
    return dumps(header, { maxBytes: MAX_HEADER });
  } catch (fault) {
    if (!(fault instanceof NotCanonical)) throw fault;
    throw new NoClipProofs(`The description of a track cannot be written down: ${fault.message}.`);
  }
}

/** The 62 bytes of a leaf. */
export function leafOf(times: Times, index: number, unitDigest: Bytes): Bytes {
  const leaf = new Uint8Array(62), view = new DataView(leaf.buffer);
  leaf[0] = 1;
  view.setUint32(1, index);
  view.setBigInt64(5, times.dts[index]!);
  view.setBigInt64(13, times.pts[index]!);
  view.setBigInt64(21, times.duration[index]!);
  leaf[29] = times.flags[index]!;
  leaf.set(unitDigest, 30);
  return leaf;
}

/** The unit digests of one track, in decode order. */
class Gathered {
  readonly #digests: Bytes[] = [];
  readonly #parameterSets = new Set<number>();
  readonly #units: PcmUnits | null;

  constructor(readonly track: Track) {
    this.#units = track.pcm && new PcmUnits(track.pcm.bytesPerSecond);
  }

  unit(index: number, digest: Bytes, parameterSets: boolean): void {
    this.#digests[index] = digest;
    if (parameterSets) this.#parameterSets.add(index);
  }

  sound(piece: Bytes): void {
    this.#units!.feed(piece);
  }

  finished(fileSize: number): TrackCommitment {
    this.#units?.close();
    const digests = this.#units?.digests ?? this.#digests;
    if (this.#units) checkPacketCount(digests.length, fileSize);
    const times = this.track.pcm ? unitTimes(this.track.pcm) : this.track.times;
    if (times.length !== digests.length) throw new NoClipProofs("The times of this file are not those of its packets.");
    const root = rootOf(leafHashes(times, digests));
    const header = { ...this.track.header, n: digests.length, root: b64u(root) };
    headerBytes(header);
    return { header, times, unitDigests: digests, parameterSets: this.#parameterSets };
  }
}

function* leafHashes(times: Times, digests: readonly Bytes[]): Generator<Bytes> {
  for (let index = 0; index < digests.length; index++) yield leafHash(leafOf(times, index, digests[index]!));
}

/** Have the jobs done side by side, and take what they found in their order. */
async function hashAll(
  file: Blob, pool: Pool, jobs: Iterable<Job>, progress: Progress, take: (done: Done, job: Job) => void,
): Promise<void> {
  const running: Promise<void>[] = [];
  let before: Promise<void> = Promise.resolve();
  for (const job of jobs) {
    const taken = Promise.all([pool.hash(file, job), before]).then(([done]) => {
      take(done, job);
      progress(job.end - job.start);
    });
    taken.catch(() => undefined); // said below, where it is waited for
    before = taken;
    running.push(taken);
    // A few stretches in flight keep the workers busy; more would only fill the memory.
    if (running.length > 2 * pool.width) await running.shift();
  }
  await before;
}

/** Cut a file into stretches: with the packets that begin in each, or else its chunks. */
function* stretches(size: number, movie: Movie | null, bare: readonly Bare[]): Generator<Job> {
  let next = 0;
  for (let start = 0; start < size; start += STRETCH) {
    const end = Math.min(size, start + STRETCH), packets: Packet[] = [];
    for (; movie && next < movie.places.length && movie.places.offset[next]! < end; next++) packets.push(packetAt(movie, next, bare));
    yield { start, end, chunks: !movie, packets };
  }
  // Packets of no bytes may lie at the very end.
  const packets: Packet[] = [];
  for (; movie && next < movie.places.length; next++) packets.push(packetAt(movie, next, bare));
  if (packets.length) yield { start: size, end: size, chunks: false, packets };
}

function packetAt({ tracks, places }: Movie, nth: number, bare: readonly Bare[]): Packet {
  const number = places.track[nth]!, track = tracks[number]!;
  return {
    offset: places.offset[nth]!, size: places.size[nth]!, prefix: track.prefix as Bytes,
    rule: track.pcm ? "bytes" : track.rules[places.rule[nth]!]!, bare: bare[number] ?? null,
  };
}
