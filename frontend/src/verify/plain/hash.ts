// SHA-256, at once for small things and by the browser for large ones.

import { sha256 as atOnce } from "@noble/hashes/sha2.js";

import { joined, utf8, type Bytes } from "./bytes";

export const sha256 = (...pieces: readonly Uint8Array[]): Bytes =>
  atOnce(pieces.length === 1 ? pieces[0]! : joined(...pieces)) as Bytes;

/** A running hash, for streams. */
export const running = () => atOnce.create();

/** Below this the round trip to the browser's own SHA-256 costs more than it saves. */
const SMALL = 2048;

export async function digest(data: Bytes): Promise<Bytes> {
  if (data.length < SMALL || !globalThis.crypto?.subtle) return sha256(data);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

/** The commitment of a custody entry to a hash, hidden by a salt that dies with the data key. */
export const salted = (kind: "media" | "file" | "chunks", salt: Uint8Array, value: Uint8Array): Bytes =>
  sha256(utf8(`custodes-${kind}/v1\n`), salt, value);
