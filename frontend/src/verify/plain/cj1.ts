// CJ1: the one way a custody fact is written as bytes (docs/reference/formats/custody-entry.md).
//
// RFC 8785 restricted: whole numbers from 0 to 2^53-1, no null, at most four levels. Reading
// writes the value again and refuses bytes that differ, which kills duplicate members,
// other orders and other spellings of one number.

import { fromUtf8, same, utf8, type Bytes } from "./bytes";

export type Json = string | number | boolean | readonly Json[] | { readonly [name: string]: Json };
export type Members = { readonly [name: string]: Json };

export class NotCanonical extends Error {}

export const MAX_BYTES = 4096;
const MAX_DEPTH = 4;

export interface Limits {
  readonly maxBytes?: number;
  readonly maxDepth?: number;
}

export function dumps(value: unknown, limits: Limits = {}): Bytes {
  const data = utf8(written(value, 0, limits.maxDepth ?? MAX_DEPTH));
  if (data.length > (limits.maxBytes ?? MAX_BYTES)) throw new NotCanonical("over the limit of bytes");
  return data;
}

export function loads(data: Uint8Array, limits: Limits = {}): Json {
  if (data.length > (limits.maxBytes ?? MAX_BYTES)) throw new NotCanonical("over the limit of bytes");
  let value: Json;
  try {
    value = JSON.parse(fromUtf8(data)) as Json;
  } catch {
    throw new NotCanonical("not JSON");
  }
  if (!same(dumps(value, limits), data)) throw new NotCanonical("not in canonical form");
  return value;
}

function written(value: unknown, depth: number, deepest: number): string {
  if (depth > deepest) throw new NotCanonical(`deeper than ${deepest} levels`);
  if (typeof value === "boolean") return String(value);
  if (typeof value === "string") return text(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || value < 0) throw new NotCanonical("a number is not whole, or out of range");
    return String(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => written(item, depth + 1, deepest)).join()}]`;
  if (typeof value !== "object" || value === null) throw new NotCanonical("a value has no place in CJ1");
  const members = Object.keys(value).sort().map((name) => {
    if (/[\ud800-\udfff]/.test(name)) throw new NotCanonical("a member name is outside the Basic Multilingual Plane");
    return `${text(name)}:${written((value as Members)[name], depth + 1, deepest)}`;
  });
  return `{${members.join()}}`;
}

function text(value: string): string {
  if (!value.isWellFormed()) throw new NotCanonical("text holds half a surrogate pair");
  return JSON.stringify(value);
}

/** Say whether this is an object, with exactly these members if any are named. */
export function isObject(value: Json | undefined, ...members: readonly string[]): value is Members {
  if (typeof value !== "object" || Array.isArray(value)) return false;
  const names = Object.keys(value);
  return !members.length || (names.length === members.length && members.every((name) => Object.hasOwn(value, name)));
}
