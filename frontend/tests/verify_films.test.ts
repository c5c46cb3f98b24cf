// The verifier's reader of films against the one that made the commitments: the same roots, or the same refusal.
//
// Which films is for the caller to say: VERIFY_FILMS names a file {"films": [{"path", "media", "chunks"}]}.

import { openAsBlob, readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { chunkRoot, commit } from "../src/verify/media/commitment";
import { openPool } from "../src/verify/media/pool";
import { NoClipProofs } from "../src/verify/media/refusal";
import { b64u } from "../src/verify/plain/bytes";

interface Film {
  readonly path: string;
  /** The media root, or empty for a film that allows no clip proofs. */
  readonly media: string;
  readonly chunks: string;
}

const asked = process.env["VERIFY_FILMS"];
const { films } = asked ? (JSON.parse(readFileSync(asked, "utf8")) as { films: Film[] }) : { films: [] };

describe.skipIf(!asked)("films", () => {
  test.each(films)("$path", async ({ path, media, chunks }) => {
    const file = await openAsBlob(path), pool = await openPool();
    expect(b64u(await chunkRoot(file, pool, () => undefined))).toBe(chunks);
    const found = await commit(file, pool, () => undefined).catch((fault: unknown) => {
      if (fault instanceof NoClipProofs) return { root: new Uint8Array() };
      throw fault;
    });
    expect(b64u(found.root)).toBe(media);
  });
});
