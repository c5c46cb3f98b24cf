// The files in a package: originals bit for bit, and clips (package.md, "file", "clip").

import { same, type Bytes } from "../plain/bytes";
import { salted } from "../plain/hash";
import { contradicted, proven, type Finding } from "./claims";
import { bytesOf, type Entry } from "./entry";
import { NEEDS_LOG } from "./log";
import type { ListedFile } from "./proof";
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
    committed !== null && same(salted(kind, listed.salt, value), committed);
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
