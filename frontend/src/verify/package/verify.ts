// Check a package: the steps of docs/reference/formats/package.md in their order.

import { hex, same, type Bytes } from "../plain/bytes";
import { checkClip } from "../clip/check";
import type { Picture } from "../clip/picture";
import { chunkRoot } from "../media/commitment";
import type { Pool } from "../media/pool";
import type { Policy } from "../notes/policy";
import type { Stamps } from "../stamps/asking";
import { claimed, LIMITS, notProven, ofAll, type Claim, type Finding, type Verdict } from "./claims";
import { checkDeletion } from "./deletion";
import type { Entry } from "./entry";
import { commitmentFault, entryOf, fileFinding, madeFinding, otherEntry } from "./files";
import type { Files } from "./folder";
import { MOST_PROOF } from "./limits";
import { checkLog, checkWitnesses } from "./log";
import { parseProof, ProofMalformed, type ListedFile, type Proof } from "./proof";
import { checkOpened, checkRecord, checkTail, type Context } from "./records";
import { checkTime } from "./time";
import { readManifests, wholeFinding } from "./whole";

export interface Result {
  readonly format: "custodes-verdict/v1";
  readonly verdict: Verdict;
  readonly claims: readonly Claim[];
  readonly limits: readonly string[];
}

/** What comes beside the claims: how to draw each clip, by its path. */
export interface Checked {
  readonly result: Result;
  readonly pictures: ReadonlyMap<string, Picture>;
}

export interface Means {
  readonly policy: Policy | null;
  /** Certificates (DER) of the timestamping authorities that are believed. */
  readonly authorities: readonly Bytes[];
  readonly stamps: Stamps;
  readonly pool: Pool;
  /** Told how much of the work is done, from 0 to 1. */
  readonly progress: (fraction: number) => void;
}

/** Larger than this, an original's own tree of chunks is checked in place of its SHA-256. */
const LARGE = 256 << 20;

export async function verify(files: Files, means: Means): Promise<Checked> {
  const manifests = await readManifests(files);
  if ("verdict" in manifests) return checked([claimed("whole", "", manifests)]);
  const work = new Work(files, means);
  let proof: Proof | null = null, fault: Finding | null = null;
  const stored = files.get("proof.json");
  if (!stored) fault = notProven("proof.missing", "The package holds files, but no proof of where they come from.");
  try {
    if (stored && stored.size > MOST_PROOF) throw new ProofMalformed("it is larger than it may be");
    if (stored) proof = parseProof(new Uint8Array(await stored.arrayBuffer()), files);
  } catch (error) {
    if (!(error instanceof ProofMalformed)) throw error;
    fault = notProven("proof.malformed", "The proof in the package cannot be read.", [error.message]);
  }
  const claims: Claim[] = [], pictures = new Map<string, Picture>();
  if (proof) await underProof(proof, files, means, work, claims, pictures);
  const whole = wholeFinding(manifests, manifests.fault ? new Map() : await work.allHashes(manifests.listed));
  const last = fault ? [claimed("proof", "", fault)] : [];
  return checked([claimed("whole", "", whole), ...claims, ...last], pictures);
}

const checked = (claims: readonly Claim[], pictures: ReadonlyMap<string, Picture> = new Map()): Checked =>
  ({ result: { format: "custodes-verdict/v1", verdict: ofAll(claims), claims, limits: LIMITS }, pictures });

async function underProof(
  proof: Proof, files: Files, means: Means, work: Work, claims: Claim[], pictures: Map<string, Picture>,
): Promise<void> {
  const say = (claim: string, about: string, found: Finding | null) => {
    if (found) claims.push(claimed(claim, about, found));
  };
  const log = await checkLog(proof, files, means.policy);
  const context: Context = { entries: log.entries, logProven: log.finding.verdict === "PROVEN" };
  say("log", proof.log, log.finding);
  say("witnessed", proof.log, checkWitnesses(log, means.policy));
  say("time", proof.log, await checkTime(log, means.policy, { files, stamps: means.stamps, pinned: means.authorities }));
  for (const { handle } of proof.subjects) say("record", handle, checkRecord(handle, context));
  for (const subject of proof.subjects) say("tail", subject.handle, checkTail(subject, context));
  say("opened", "", checkOpened(proof.entries, context));
  for (const subject of proof.subjects) say("deletion", subject.handle, await checkDeletion(subject, context, files));
  for (const listed of proof.files.filter(({ role }) => role === "original")) {
    say("file", listed.path, await checkFile(listed, context, work));
  }
  for (const listed of proof.files.filter(({ role }) => role === "clip")) {
    const entry = entryOf(listed, context.entries);
    if (!entry) {
      say("clip", listed.path, otherEntry("clip"));
      continue;
    }
    const { finding, picture } = await checkClip(listed, files.get(listed.path)!, entry, context.logProven, means.pool, work.progress);
    if (picture) pictures.set(listed.path, picture);
    say("clip", listed.path, finding);
  }
  for (const listed of proof.files.filter(({ role }) => role === "made")) {
    const hash = hex(await work.sha256(listed.path));
    say("made", listed.path, madeFinding(listed, files.get(listed.path)!.size, hash, context, proof.entries));
  }
}

async function checkFile(listed: ListedFile, context: Context, work: Work): Promise<Finding> {
  const entry: Entry | null = entryOf(listed, context.entries);
  if (!entry) return otherEntry("file");
  const fault = commitmentFault(listed, entry);
  if (fault) return fault;
  return fileFinding(listed, entry, await work.isOriginal(listed, context.logProven), context.logProven);
}

/** The hashing of files: each only once, and what is known of them. */
class Work {
  readonly #hashes = new Map<string, Bytes>();
  readonly #all: number;
  #done = 0;

  constructor(private readonly files: Files, private readonly means: Means) {
    // Every file is hashed for the lists; clips are read a second time, packet by packet.
    this.#all = [...files].reduce((sum, [path, { size }]) => sum + size * (path.startsWith("data/") ? 2 : 1), 0);
  }

  readonly progress = (bytes: number): void => {
    this.#done += bytes;
    this.means.progress(Math.min(1, this.#done / Math.max(1, this.#all)));
  };

  async isOriginal(listed: ListedFile, logProven: boolean): Promise<boolean> {
    const file = this.files.get(listed.path)!;
    if (file.size !== listed.size) return false;
    if (file.size <= LARGE || !logProven) return same(await this.#sha256(listed.path, file), listed.fileSha256!);
    const holds = same(await chunkRoot(file, this.means.pool, this.progress), listed.chunkRoot!);
    // The log commits to both of one file, so that file's SHA-256 is the one committed to.
    if (holds) this.#hashes.set(listed.path, listed.fileSha256!);
    return holds;
  }

  /** The SHA-256 of every file that a manifest lists. */
  async allHashes(listed: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, Bytes>> {
    const found = [...this.files].filter(([path]) => listed.has(path)).map(async ([path, file]) =>
      [path, await this.#sha256(path, file)] as const);
    return new Map(await Promise.all(found));
  }

  sha256(path: string): Promise<Bytes> {
    return this.#sha256(path, this.files.get(path)!);
  }

  async #sha256(path: string, file: Blob): Promise<Bytes> {
    const known = this.#hashes.get(path);
    if (known) return known;
    const hash = await this.means.pool.sha256(file);
    this.#hashes.set(path, hash);
    this.progress(file.size);
    return hash;
  }
}
