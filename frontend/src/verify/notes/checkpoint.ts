// A checkpoint: the name of a log, its size and its root (C2SP tlog-checkpoint v1.0).

import { same, unb64, type Bytes } from "../plain/bytes";
import { EMPTY_ROOT } from "../plain/tree";

export interface Checkpoint {
  readonly origin: string;
  readonly size: bigint;
  readonly root: Bytes;
}

/** Read the text of a note as a checkpoint of three lines; null when it is none. */
export function parseCheckpoint(text: string): Checkpoint | null {
  const lines = text.split("\n");
  const [origin, size, encoded, end] = lines;
  if (lines.length !== 4 || !origin || end !== "" || encoded === undefined) return null;
  if (!/^(0|[1-9]\d{0,18})$/.test(size!)) return null;
  const root = unb64(encoded), entries = BigInt(size!);
  if (root?.length !== 32 || entries >= 1n << 63n) return null;
  // RFC 6962 s2.1: without entries there is only one root.
  if (entries === 0n && !same(root, EMPTY_ROOT)) return null;
  return { origin, size: entries, root };
}
