// The files in a package: originals bit for bit, clips, and what was made of originals (package.md, "file", "clip", "made").

import { same, type Bytes } from "../plain/bytes";
import { salted } from "../plain/hash";
import { contradicted, notProven, proven, type Finding } from "./claims";
import { bytesOf, type Entry } from "./entry";
import { NEEDS_LOG } from "./log";
import type { ListedEntry, ListedFile } from "./proof";
import { fieldsOf, type Context } from "./records";
import { sayBytes, sayTime } from "./words";

/** Return the entry that took the original in; null when the one named is not that. */
export function entryOf(listed: ListedFile, entries: ReadonlyMap<number, Entry>): Entry | null {
  const entry = entries.get(listed.entry);
  const isIt = entry?.kind === "recording.ingested" && entry.subject === listed.recording && entry.facts["o"] === listed.original;
  return isIt ? entry : null;
}

export const otherEntry = (claim: "file" | "clip"): Finding =>
  contradicted(`${claim}.other_entry`, "The entry that the package names for this file is another file’s.");

/** Say whether the log commits to what the package says of an original. */
export function commitmentFault(listed: ListedFile, { facts }: Entry): Finding | null {
  const holds = (kind: "file" | "chunks", value: Bytes, committed: Bytes | null) =>
    committed !== null && same(salted(kind, listed.salt!, value), committed);
  const all = holds("file", listed.fileSha256!, bytesOf(facts["fc"]))
    && holds("chunks", listed.chunkRoot!, bytesOf(facts["cc"])) && facts["z"] === listed.size;
  return all ? null : contradicted("file.other_commitment", "What the package says of the original is not what the log commits to.");
}

export function fileFinding(listed: ListedFile, entry: Entry, isSame: boolean, logProven: boolean): Finding {
  if (!isSame) return contradicted("file.differs", "The file is not the one that was taken in: its bytes differ.");
  if (!logProven) return NEEDS_LOG;
  const sentence = `The file is, bit for bit, the one that the server took in at ${sayTime(entry.at)}.`;
  return proven("file.identical", sentence, [sayBytes(listed.size!)]);
}

const MADE: Readonly<Record<string, string>> = { "clip.made": "clip", "still.made": "still" };

/** Say whether a file is the one whose SHA-256 stands in the entry that made it; `hash` is its own, in hex. */
export function madeFinding(
  listed: ListedFile, size: number, hash: string, context: Context, entries: readonly ListedEntry[],
): Finding {
  const entry = context.entries.get(listed.entry);
  if (!entry || !Object.hasOwn(MADE, entry.kind) || entry.subject !== listed.recording || entry.facts["o"] !== listed.original) {
    return contradicted("made.other_entry", "The entry that the package names does not say that this file was made of this original.");
  }
  const fields = fieldsOf(entries.find(({ index }) => index === listed.entry), entry);
  if (!fields) return notProven("needs.opened", "It rests on opened details of an entry, which are not proven.");
  const told = fields.get("sha256");
  if (told === undefined) return notProven("made.not_opened", "The entry does not show which bytes were made: that detail is withheld.");
  if (size !== entry.facts["z"] || hash !== told) return contradicted("made.differs", "The file is not the one that was made: its bytes differ.");
  if (!context.logProven) return NEEDS_LOG;
  const sentence = `The file is, bit for bit, the ${MADE[entry.kind]!} that entry ${listed.entry} of the log says was made of an original at ${sayTime(entry.at)}.`;
  return proven("made.as_entered", sentence, [sayBytes(size)]);
}
