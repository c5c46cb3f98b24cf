// Uncompressed sound: one unit is one second of the byte stream (media-commitment.md).

import type { Bytes } from "../plain/bytes";
import { running } from "../plain/hash";
import { Times, type Pcm } from "./track";
import { ofHash } from "./units";

/** Cut a byte stream, given in pieces and in order, into seconds and hash each. */
export class PcmUnits {
  readonly digests: Bytes[] = [];
  #open = running();
  #filled = 0;

  constructor(private readonly length: number) {}

  feed(piece: Uint8Array): void {
    while (piece.length) {
      const part = piece.subarray(0, this.length - this.#filled);
      this.#open.update(part);
      this.#filled += part.length;
      piece = piece.subarray(part.length);
      if (this.#filled === this.length) this.close();
    }
  }

  /** End the stream; a last short second is a unit too. */
  close(): void {
    if (!this.#filled) return;
    this.digests.push(ofHash(this.#filled, this.#open.digest()));
    [this.#open, this.#filled] = [running(), 0];
  }
}

/** When each unit begins and how long it lasts, by even flow inside each stretch. */
export function unitTimes({ bytesPerSecond, stretches }: Pcm): Times {
  const starts: bigint[] = [];
  let wanted = 0, position = 0;
  for (const { bytes, dts, duration } of stretches) {
    for (; wanted < position + bytes; wanted += bytesPerSecond) {
      starts.push(dts + floored(BigInt(wanted - position) * duration, BigInt(bytes)));
    }
    position += bytes;
  }
  const times = new Times(), last = stretches.at(-1);
  starts.forEach((dts, nth) => {
    const lasts = (starts[nth + 1] ?? last!.dts + last!.duration) - dts;
    times.add(dts, dts, lasts > 0n ? lasts : 0n, 1);
  });
  return times;
}

const floored = (value: bigint, by: bigint): bigint => value / by - (value % by < 0n ? 1n : 0n);
