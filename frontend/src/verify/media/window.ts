// Reading a file in pieces, never the whole of it.

import type { Bytes } from "../plain/bytes";
import { NoClipProofs } from "./refusal";

/** A file of any size. */
export interface Source {
  readonly size: number;
  /** Read exactly these bytes, which must be there. */
  read(offset: number, length: number): Promise<Bytes>;
}

export const ofBlob = (blob: Blob): Source => ({
  size: blob.size,
  read: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
});

/** The largest packet read here; a camera's are a thousand times smaller. */
export const MAX_PACKET = 64 << 20;

/** A view that moves over a file; what lies within the block it stands on needs no waiting. */
export class Window {
  readonly size: number;
  #start = 0;
  #block: Bytes = new Uint8Array();

  constructor(private readonly source: Source, private readonly blockSize = 64 << 10) {
    this.size = source.size;
  }

  /** Return these bytes if they are at hand already. */
  atHand(offset: number, length: number): Bytes | null {
    const at = offset - this.#start;
    return at >= 0 && at + length <= this.#block.length ? this.#block.subarray(at, at + length) : null;
  }

  /** Return exactly these bytes; throws NoClipProofs when they are not there. */
  async view(offset: number, length: number, limit = MAX_PACKET): Promise<Bytes> {
    const found = this.atHand(offset, length);
    if (found) return found;
    if (offset < 0 || offset + length > this.size) throw new NoClipProofs("The file points at bytes past its own end.");
    if (length > limit) throw new NoClipProofs(`One piece of this file claims ${length} bytes; at most ${limit} are read.`);
    const wanted = Math.min(this.size - offset, Math.max(length, this.blockSize));
    this.#block = await this.source.read(offset, wanted);
    this.#start = offset;
    return this.#block.subarray(0, length);
  }

  /** Return up to this many bytes; fewer only at the end. */
  peek(offset: number, length: number): Promise<Bytes> {
    return this.view(Math.min(offset, this.size), Math.max(0, Math.min(length, this.size - offset)));
  }
}
