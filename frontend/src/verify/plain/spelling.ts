// A JSON document in its one spelling: members sorted, two spaces of indent (deletion.md, "The document of a schedule").

import { fromUtf8, same, utf8, type Bytes } from "./bytes";

/** The bytes are not JSON, or not in the one spelling. */
export class NotItsSpelling extends Error {}

const DEEPEST = 8;

/** Read a document; what it holds may be anything JSON can. */
export function readDocument(data: Bytes): unknown {
  let value: unknown;
  try {
    value = JSON.parse(fromUtf8(data));
  } catch {
    throw new NotItsSpelling("not JSON");
  }
  if (!same(utf8(written(value, 0)), data)) throw new NotItsSpelling("not in its one spelling");
  return value;
}

function written(value: unknown, depth: number): string {
  if (depth > DEEPEST) throw new NotItsSpelling("too deep");
  if (typeof value === "number" && !(Number.isSafeInteger(value) && value >= 0)) throw new NotItsSpelling("a number is not whole");
  if (typeof value === "string" && !value.isWellFormed()) throw new NotItsSpelling("text holds half a surrogate pair");
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value), inside = isList
    ? value.map((item) => written(item, depth + 1))
    : Object.keys(value).sort().map((name) => `${named(name)}: ${written((value as Record<string, unknown>)[name], depth + 1)}`);
  const [open, close] = isList ? "[]" : "{}";
  const indent = (by: number) => `\n${"  ".repeat(by)}`;
  return inside.length ? `${open}${indent(depth + 1)}${inside.join(`,${indent(depth + 1)}`)}${indent(depth)}${close}` : `${open}${close}`;
}

function named(name: string): string {
  // Outside it, orders by code point and by code unit differ.
  if (/[\ud800-\udfff]/.test(name)) throw new NotItsSpelling("a member's name is outside the Basic Multilingual Plane");
  return JSON.stringify(name);
}
