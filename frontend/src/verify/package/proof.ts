// proof.json: the proof that a package brings, read strictly (package.md, "proof.json").

import { unb64u, type Bytes } from "../plain/bytes";
import { isObject, loads, NotCanonical, type Json } from "../plain/cj1";
import { parseClipProof, type ClipProof } from "../clip/proof";
import { bytesOf, isCount, isHandle, timeOf } from "./entry";
import type { Files } from "./folder";
import * as most from "./limits";

export interface ListedCheckpoint {
  readonly note: string;
  readonly size: number;
  readonly toHead: readonly Bytes[];
  readonly tokens: readonly string[];
}

export interface ListedEntry {
  readonly index: number;
  readonly data: Bytes;
  readonly path: readonly Bytes[];
  readonly open: readonly Bytes[];
  readonly closed: readonly Bytes[];
}

/** `here`, or `before` and `after`, are values of the census as they stand; they are read where they are checked. */
export interface Census {
  readonly entry: number;
  readonly here?: Json;
  readonly before?: Json;
  readonly after?: Json;
}

export interface ListedSchedule {
  readonly entry: number;
  readonly document: string;
}

/** Paths of the inventory are values as they stand; they are read where they are checked. */
export interface ListedKey {
  readonly key: string;
  readonly here?: Json;
  readonly before?: Json;
  readonly after?: Json;
}

export interface ListedInventory {
  readonly roll: number;
  readonly destroyed: number;
  readonly keys: readonly ListedKey[];
}

export interface ListedDeletion {
  readonly schedules: readonly ListedSchedule[];
  readonly inventory: ListedInventory | null;
}

export interface Subject {
  readonly handle: string;
  readonly census: Census | null;
  readonly deletion: ListedDeletion | null;
}

export type Role = "original" | "clip" | "made";

export interface ListedFile {
  readonly path: string;
  readonly role: Role;
  readonly entry: number;
  readonly recording: string;
  readonly original: string;
  /** Of what was made of an original, such as a still, there is none. */
  readonly salt: Bytes | null;
  readonly size: number | null;
  readonly fileSha256: Bytes | null;
  readonly chunkRoot: Bytes | null;
  readonly mediaRoot: Bytes | null;
  readonly tracks: readonly Bytes[];
  readonly clip: ClipProof | null;
}

export interface Proof {
  readonly log: string;
  readonly made: string;
  readonly by: string;
  readonly checkpoints: readonly ListedCheckpoint[];
  readonly entries: readonly ListedEntry[];
  readonly subjects: readonly Subject[];
  readonly files: readonly ListedFile[];
}

/** The proof is not as the format says. */
export class ProofMalformed extends Error {}

export function parseProof(data: Bytes, files: Files): Proof {
  let value: Json;
  try {
    value = loads(data, { maxBytes: most.MOST_PROOF, maxDepth: 10 });
  } catch (fault) {
    if (fault instanceof NotCanonical) throw new ProofMalformed(fault.message);
    throw fault;
  }
  const all = members(value, ["by", "checkpoints", "entries", "files", "format", "log", "made", "subjects"]);
  must(all("format") === "custodes-package/v1", "its format is not one that is known here");
  const there = (path: string) => must(files.has(path), `the file ${path.slice(0, 80)} is not there`);
  const proof: Proof = {
    log: text(all("log")), made: text(all("made")), by: text(all("by")),
    checkpoints: list(all("checkpoints"), most.MOST_CHECKPOINTS).map(checkpoint),
    entries: list(all("entries"), most.MOST_ENTRIES).map(entry),
    subjects: list(all("subjects"), most.MOST_SUBJECTS).map(subject),
    files: list(all("files"), most.MOST_MEDIA).map(file),
  };
  must(timeOf(proof.made) !== null, "the time it was made is not one");
  must(proof.checkpoints.length > 0 && proof.entries.length > 0, "it has no checkpoint or no entry");
  must(rising(proof.checkpoints.map(({ size }) => size)), "its checkpoints are in no order");
  must(rising(proof.entries.map(({ index }) => index)), "its entries are in no order");
  must(rising(proof.subjects.map((each) => each.handle)), "its subjects are in no order");
  must(rising(proof.files.map(({ path }) => path)), "its files are in no order");
  for (const { note, tokens } of proof.checkpoints) [note, ...tokens].forEach(there);
  for (const { deletion } of proof.subjects) deletion?.schedules.forEach(({ document }) => there(document));
  for (const { path } of proof.files) {
    there(path);
    must(path.startsWith("data/"), "a film lies outside data");
  }
  return proof;
}

function checkpoint(value: Json): ListedCheckpoint {
  const of = members(value, ["note", "size", "to_head", "tokens"]);
  return {
    note: text(of("note")), size: count(of("size")), toHead: hashes(of("to_head"), most.MOST_PATH),
    tokens: list(of("tokens"), most.MOST_TOKENS).map(text),
  };
}

function entry(value: Json): ListedEntry {
  const of = members(value, ["closed", "entry", "index", "open", "path"]);
  return {
    index: count(of("index")), data: binary(of("entry")), path: hashes(of("path"), most.MOST_PATH),
    open: list(of("open"), most.MOST_FIELDS).map(binary), closed: hashes(of("closed"), most.MOST_FIELDS),
  };
}

function subject(value: Json): Subject {
  const of = members(value, ["handle"], ["census", "deletion"]);
  const census = of("census"), deletion = of("deletion");
  return {
    handle: handle(of("handle")), census: census === undefined ? null : censusOf(census),
    deletion: deletion === undefined ? null : deletionOf(deletion),
  };
}

function censusOf(value: Json): Census {
  const of = hereOrBeside(value, "entry");
  return { entry: count(of("entry")), ...paths(of) };
}

function deletionOf(value: Json): ListedDeletion {
  const of = members(value, ["schedules"], ["inventory"]), inventory = of("inventory");
  const schedules = list(of("schedules"), most.MOST_VERSIONS).map(schedule);
  must(rising(schedules.map(({ entry: place }) => place)), "its schedules are in no order");
  return { schedules, inventory: inventory === undefined ? null : inventoryOf(inventory) };
}

function schedule(value: Json): ListedSchedule {
  const of = members(value, ["document", "entry"]);
  return { entry: count(of("entry")), document: text(of("document")) };
}

function inventoryOf(value: Json): ListedInventory {
  const of = members(value, ["destroyed", "keys", "roll"]), keys = list(of("keys"), most.MOST_KEYS).map(keyOf);
  must(rising(keys.map(({ key }) => key)), "its keys are in no order");
  return { roll: count(of("roll")), destroyed: count(of("destroyed")), keys };
}

function keyOf(value: Json): ListedKey {
  const of = hereOrBeside(value, "key");
  return { key: handle(of("key")), ...paths(of) };
}

type Reader = ReturnType<typeof members>;

/** Return a reader of an object that shows a place in an order, or its neighbours. */
function hereOrBeside(value: Json, needed: string): Reader {
  const here = isObject(value) && Object.hasOwn(value, "here");
  return here ? members(value, [needed, "here"]) : members(value, [needed], ["after", "before"]);
}

function paths(of: Reader): { here?: Json; before?: Json; after?: Json } {
  const found: { here?: Json; before?: Json; after?: Json } = {};
  for (const name of ["here", "before", "after"] as const) {
    const path = of(name);
    if (path !== undefined) found[name] = path;
  }
  return found;
}

function handle(value: Json | undefined): string {
  must(isHandle(value), "a handle is none");
  return value as string;
}

function file(value: Json): ListedFile {
  must(isObject(value), "a part of it is not an object");
  const { role } = value as { role?: Json };
  must(role === "original" || role === "clip" || role === "made", "a file's role is not one that is known here");
  const clip = role === "clip", made = ["entry", "original", "path", "recording", "role"];
  const of = {
    original: () => members(value, [...made, "salt", "chunk_root", "file_sha256", "size"], ["media_root", "tracks"]),
    clip: () => members(value, [...made, "salt", "clip", "tracks"], ["chunk_root", "file_sha256", "media_root", "size"]),
    made: () => members(value, made),
  }[role as Role]();
  const maybe = <T>(name: string, read: (found: Json | undefined) => T): T | null =>
    of(name) === undefined ? null : read(of(name));
  const proof = clip ? parseClipProof(of("clip")) : null;
  must(!clip || proof !== null, "a clip proof is not as the format says");
  return {
    path: text(of("path")), role: role as Role, entry: count(of("entry")),
    recording: handle(of("recording")), original: handle(of("original")), salt: maybe("salt", hash),
    size: maybe("size", count), fileSha256: maybe("file_sha256", hash), chunkRoot: maybe("chunk_root", hash),
    mediaRoot: maybe("media_root", hash), tracks: maybe("tracks", (found) => list(found, 64).map(binary)) ?? [], clip: proof,
  };
}

function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new ProofMalformed(otherwise);
}

/** Return a reader of an object that has all these members, perhaps those, and no other. */
function members(value: Json | undefined, needed: readonly string[], optional: readonly string[] = []) {
  must(isObject(value), "a part of it is not an object");
  const found = value as { [name: string]: Json };
  must(needed.every((name) => Object.hasOwn(found, name)), "a member is missing");
  must(Object.keys(found).every((name) => needed.includes(name) || optional.includes(name)), "a member is not known here");
  return (name: string): Json | undefined => (Object.hasOwn(found, name) ? found[name] : undefined);
}

function list(value: Json | undefined, longest = Infinity): readonly Json[] {
  must(Array.isArray(value) && value.length <= longest, "a part of it is not a list, or too long");
  return value as readonly Json[];
}

function text(value: Json | undefined): string {
  must(typeof value === "string" && value.length > 0 && value.length <= 1000, "a part of it is not a text");
  return value as string;
}

function count(value: Json | undefined): number {
  must(isCount(value), "a part of it is not a number");
  return value as number;
}

function hash(value: Json | undefined): Bytes {
  const found = bytesOf(value);
  must(found !== null, "a part of it is not a hash");
  return found!;
}

const hashes = (value: Json | undefined, longest = Infinity): readonly Bytes[] => list(value, longest).map(hash);

function binary(value: Json | undefined): Bytes {
  const found = typeof value === "string" ? unb64u(value) : null;
  must(found !== null, "a part of it is not base64url");
  return found!;
}

function rising<T extends string | number>(values: readonly T[]): boolean {
  return values.every((value, nth) => nth === 0 || values[nth - 1]! < value);
}
