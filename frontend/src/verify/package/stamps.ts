// The timestamps over a checkpoint, by authorities whose roots whoever checks has pinned (package.md, "time").

import { same, type Bytes } from "../plain/bytes";
import { parseNote } from "../notes/note";
import type { Stamps } from "../stamps/asking";
import type { Files } from "./folder";
import { MOST_SMALL } from "./limits";
import type { Seen } from "./log";

/** A pinned authority signed this, but over other bytes than those of the note. */
export class OverSomethingElse extends Error {}

export interface Stamping {
  readonly files: Files;
  readonly stamps: Stamps;
  /** Certificates of authorities, as DER. */
  readonly pinned: readonly Bytes[];
}

/** Return the times at which pinned authorities had seen a checkpoint; throws OverSomethingElse, NoWorker. */
export async function timesOf(seen: Seen, { files, stamps, pinned }: Stamping): Promise<readonly number[]> {
  const times: number[] = [];
  for (const token of pinned.length ? seen.tokens : []) {
    const answer = await small(files, token), stamp = answer && (await stamps.read({ answer, pinned }));
    if (!stamp) continue;
    const stamped = await small(files, `${token.replace(/\.tsr$/, "")}.note`);
    const text = stamped && parseNote(stamped)?.text;
    const digest = stamped && stamp.hash ? new Uint8Array(await crypto.subtle.digest(stamp.hash, stamped)) : null;
    if (!text || text !== parseNote(seen.note)?.text || !digest || !same(digest, stamp.imprint)) throw new OverSomethingElse(token);
    times.push(stamp.at);
  }
  return times;
}

async function small(files: Files, path: string): Promise<Bytes | null> {
  const file = files.get(path);
  return file && file.size <= MOST_SMALL ? new Uint8Array(await file.arrayBuffer()) : null;
}
