// A track of the original as its committed header tells it, for a clip's track to be compared with.

import { unb64u, type Bytes } from "../plain/bytes";
import { isObject, loads, NotCanonical, type Json, type Members } from "../plain/cj1";
import { leafHash, rootOf } from "../plain/tree";
import { bytesOf, isCount } from "../package/entry";

/** What of a header decides how a track is coded, timed and shown; the same for both sides. */
export interface Track {
  readonly header: Members;
  readonly n: number;
  readonly root: Bytes;
  readonly codec: string;
  readonly handler: string;
  readonly params: readonly Bytes[];
  readonly timescale: number;
  readonly container: string;
}

/** Read the bytes of a header; null when it is not as the media commitment says. */
export function parseHeader(data: Bytes): Track | null {
  try {
    return trackOf(loads(data, { maxBytes: 65_535 }));
  } catch (fault) {
    if (fault instanceof NotCanonical) return null;
    throw fault;
  }
}

const MOST_PACKETS = 1 << 23;
/** Members that a check reads where they are there, and what they must be then. */
const OPTIONAL: Readonly<Record<string, "string" | "number" | "boolean" | "list">> = {
  enabled: "boolean", matrix: "string", movie_matrix: "string", projection: "string", elst: "string", movie_timescale: "number",
  pasp: "string", clap: "string", more: "list", size: "list", delay: "number", crop_top: "number", crop_bottom: "number",
  crop_left: "number", crop_right: "number", display_width: "number", display_height: "number", display_unit: "number",
};

export function trackOf(value: Json): Track | null {
  if (!isObject(value)) return null;
  const { n, root, codec, handler, params, timescale, container, size } = value as Record<string, Json | undefined>;
  const hash = bytesOf(root);
  if (!isCount(n) || n > MOST_PACKETS || !hash || typeof codec !== "string" || typeof handler !== "string") return null;
  if (!isCount(timescale) || timescale === 0 || typeof container !== "string" || !Array.isArray(params)) return null;
  const fits = (name: string) => !Object.hasOwn(value, name) || OPTIONAL[name] === (Array.isArray(value[name]) ? "list" : typeof value[name]);
  if (!Object.keys(OPTIONAL).every(fits)) return null;
  if (Array.isArray(size) && (size.length !== 2 || !(size as Json[]).every(isCount))) return null;
  if (["matrix", "elst", "pasp"].some((name) => typeof value[name] === "string" && !unb64u(value[name]))) return null;
  const sets = (params as Json[]).map((param) => (typeof param === "string" ? unb64u(param) : null));
  if (sets.some((set) => !set?.length)) return null;
  return { header: value, n, root: hash, codec, handler, params: sets as Bytes[], timescale, container };
}

export const rootOfHeaders = (headers: readonly Bytes[]): Bytes => rootOf(headers.map(leafHash));

/** Read a member of base64url; empty when it is not there. */
export function blob(track: Track, name: string): Bytes {
  const stored = track.header[name];
  return (typeof stored === "string" ? unb64u(stored) : null) ?? new Uint8Array();
}

export function numberOf(track: Track, name: string, otherwise = 0): number {
  const stored = track.header[name];
  return isCount(stored) ? stored : otherwise;
}
