// Is the package whole: the manifests of the bag, and the hash of every file (package.md, "whole").

import { fromUtf8, hex, type Bytes } from "../plain/bytes";
import { contradicted, notProven, proven, type Finding } from "./claims";
import type { Files } from "./folder";
import * as most from "./limits";

const VERSION = "BagIt-Version: 1.0";
const DATA = "manifest-sha256.txt", TAGS = "tagmanifest-sha256.txt";

/** What the manifests list: the SHA-256 of each path, in hexadecimal. */
export interface Manifests {
  readonly listed: ReadonlyMap<string, string>;
  /** What is wrong with the lists themselves, if anything is. */
  readonly fault: Finding | null;
}

/** Read the manifests; a finding of its own when this is no bag at all. */
export async function readManifests(files: Files): Promise<Manifests | Finding> {
  if ((await textOf(files, "bagit.txt", 1000))?.split("\n")[0]?.trim() !== VERSION) {
    return malformed("bagit.txt is missing, or says something else.");
  }
  const data = listOf(await textOf(files, DATA, most.MOST_TAG)), tags = listOf(await textOf(files, TAGS, most.MOST_TAG));
  if (!data || !tags) return malformed("a manifest is missing, or not written as it must be.");
  return { listed: new Map([...data, ...tags]), fault: faultOf(files, data, tags) };
}

function faultOf(files: Files, data: Map<string, string>, tags: Map<string, string>): Finding | null {
  const missing = [...data.keys(), ...tags.keys()].filter((path) => !files.has(path));
  if (missing.length) return contradicted("whole.missing", "Files that the package lists are not in it.", missing);
  const isPayload = (path: string) => path.startsWith("data/");
  const unlisted = [...files.keys()].filter((path) => path !== TAGS && !(isPayload(path) ? data : tags).has(path));
  unlisted.push(...[...data.keys()].filter((path) => !isPayload(path)));
  if (unlisted.length) return contradicted("whole.unlisted", "The package holds files that it does not list where it should.", unlisted);
  return null;
}

/** Say whether the package is whole, once every hash is known. */
export function wholeFinding(manifests: Manifests, hashes: ReadonlyMap<string, Bytes>): Finding {
  if (manifests.fault) return manifests.fault;
  const different = [...hashes].filter(([path, hash]) => manifests.listed.get(path) !== hex(hash)).map(([path]) => path);
  if (different.length) return contradicted("whole.differs", "Files are not what the package says they were.", different);
  return proven("whole.complete", "The package is complete: every file is there and is what the package lists.");
}

const malformed = (why: string): Finding =>
  notProven("whole.malformed", "This is not a package that can be checked.", [why]);

async function textOf(files: Files, path: string, longest: number): Promise<string | null> {
  const file = files.get(path);
  try {
    return file && file.size <= longest ? fromUtf8(new Uint8Array(await file.arrayBuffer())) : null;
  } catch {
    return null;
  }
}

/** Read a manifest; null unless every line is a hash, two spaces and a path that stands once. */
function listOf(text: string | null): Map<string, string> | null {
  if (text === null || (text && !text.endsWith("\n"))) return null;
  const found = new Map<string, string>();
  if (text.split("\n").length > most.MOST_FILES + 1) return null;
  for (const line of text.split("\n").slice(0, -1)) {
    const [, hash, path] = /^([0-9a-f]{64}) {2}(.*)$/.exec(line) ?? [];
    if (!hash || !path || found.has(path) || !most.isPath(path)) return null;
    found.set(path, hash);
  }
  return found;
}
