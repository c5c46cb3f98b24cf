// A package as it lies before us: paths and files, from a folder or a stored ZIP file.

import { fromUtf8, type Bytes } from "../plain/bytes";
import { isPath, MOST_FILES } from "./limits";

export type Files = ReadonlyMap<string, Blob>;

/** What was given is no folder or ZIP file as the format allows. */
export class NotAPackage extends Error {}

/** Take in files with their paths; the whole may lie below one folder. */
export function folderOf(found: readonly { path: string; file: Blob }[]): Files {
  const tops = new Set(found.map(({ path }) => path.split("/")[0]));
  const below = tops.size === 1 && found.every(({ path }) => path.includes("/")) && !found.some(({ path }) => path === "bagit.txt");
  const files = new Map<string, Blob>();
  for (const { path, file } of found) {
    const inside = below ? path.slice(path.indexOf("/") + 1) : path;
    if (!isPath(inside)) throw new NotAPackage(`The name ${quoted(inside)} has no place in a package.`);
    if (files.has(inside)) throw new NotAPackage(`There are two files of the name ${quoted(inside)}.`);
    files.set(inside, file);
  }
  if (files.size > MOST_FILES) throw new NotAPackage(`There are over ${MOST_FILES} files.`);
  return files;
}

const END = 0x06054b50, END64 = 0x06064b50, LOCATOR = 0x07064b50, CENTRAL = 0x02014b50, LOCAL = 0x04034b50;
const MOST_DIRECTORY = 16 << 20;

interface Member {
  readonly name: string;
  readonly size: number;
  readonly header: number;
}

/** Read a ZIP file whose files are stored as they are; nothing is unpacked into memory. */
export async function openZip(zip: Blob): Promise<Files> {
  const directory = await findDirectory(zip);
  const members = readDirectory(directory.data, directory.count);
  const found: { path: string; file: Blob }[] = [];
  const taken: [from: number, to: number][] = [[directory.offset, zip.size]];
  for (const member of members) {
    const start = await checkLocal(zip, member);
    taken.push([member.header, start + member.size]);
    if (member.name.endsWith("/") && member.size === 0) continue;
    found.push({ path: member.name, file: zip.slice(start, start + member.size) });
  }
  taken.sort(([a], [b]) => a - b);
  if (taken.some(([from], nth) => nth && from < taken[nth - 1]![1])) refuse("two of its files share bytes");
  return folderOf(found);
}

async function findDirectory(zip: Blob): Promise<{ data: Bytes; count: number; offset: number }> {
  const tailAt = Math.max(0, zip.size - 65_557);
  const tail = await bytes(zip, tailAt, zip.size);
  let at = tail.length - 22;
  // APPNOTE 4.3.16: the record ends with a comment whose length it says.
  while (at >= 0 && !(u32(tail, at) === END && at + 22 + u16(tail, at + 20) === tail.length)) at--;
  if (at < 0) refuse("it has no directory");
  let count = u16(tail, at + 10), size = u32(tail, at + 12), offset = u32(tail, at + 16);
  if (u16(tail, at + 4) || u16(tail, at + 6) || u16(tail, at + 8) !== count) refuse("it is one of several parts");
  if (at >= 20 && u32(tail, at - 20) === LOCATOR) {
    const record = await bytes(zip, u64(tail, at - 12), u64(tail, at - 12) + 56);
    if (record.length < 56 || u32(record, 0) !== END64) refuse("its directory cannot be found");
    [count, size, offset] = [u64(record, 32), u64(record, 40), u64(record, 48)];
  }
  if (size > MOST_DIRECTORY || offset + size > zip.size) refuse("its directory cannot be");
  return { data: await bytes(zip, offset, offset + size), count, offset };
}

function readDirectory(data: Bytes, count: number): Member[] {
  const members: Member[] = [], names = new Set<string>();
  let at = 0;
  while (at < data.length) {
    if (at + 46 > data.length || u32(data, at) !== CENTRAL) refuse("its directory is broken");
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => u16(data, at + field)) as [number, number, number];
    const end = at + 46 + nameLength + extraLength + commentLength;
    if (end > data.length || members.length > 2 * MOST_FILES) refuse("its directory is broken");
    // Bit 0: encrypted; bit 3: sizes only after the data.
    if (u16(data, at + 8) & 0b1001) refuse("a file is encrypted, or its size is not said before it");
    if (u16(data, at + 10) !== 0) refuse("a file is compressed: in a package files are stored as they are");
    const name = text(data.subarray(at + 46, at + 46 + nameLength));
    const wide = wideFields(data.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength));
    const [size, packed, header] = [24, 20, 42].map((field) => {
      const plain = u32(data, at + field);
      return plain === 0xffffffff ? wide.shift() ?? plain : plain;
    }) as [number, number, number];
    if (size !== packed) refuse("a file's two sizes differ");
    if (names.has(name)) refuse("a name stands twice");
    names.add(name);
    members.push({ name, size, header });
    at = end;
  }
  if (members.length !== count) refuse("its directory does not hold as many files as it says");
  return members;
}

async function checkLocal(zip: Blob, { name, size, header }: Member): Promise<number> {
  const fixed = await bytes(zip, header, header + 30);
  if (fixed.length < 30 || u32(fixed, 0) !== LOCAL) refuse("a file is not where the directory says");
  if (u16(fixed, 6) & 0b1001 || u16(fixed, 8) !== 0) refuse("a file is not stored as the directory says");
  const named = header + 30 + u16(fixed, 26), start = named + u16(fixed, 28);
  if (text(await bytes(zip, header + 30, named)) !== name) refuse("a file has another name than the directory says");
  if (start + size > zip.size) refuse("a file ends after the end");
  return start;
}

/** The 64-bit numbers of the ZIP64 field (APPNOTE 4.5.3), in their order. */
function wideFields(extra: Bytes): number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + u16(extra, at + 2)) {
    if (u16(extra, at) !== 1) continue;
    const end = Math.min(extra.length, at + 4 + u16(extra, at + 2)), found: number[] = [];
    for (let field = at + 4; field + 8 <= end; field += 8) found.push(u64(extra, field));
    return found;
  }
  return [];
}

const bytes = async (blob: Blob, from: number, to: number): Promise<Bytes> =>
  new Uint8Array(await blob.slice(from, Math.max(from, to)).arrayBuffer());

function text(data: Bytes): string {
  try {
    return fromUtf8(data);
  } catch {
    return refuse("a name is not UTF-8");
  }
}

function refuse(why: string): never {
  throw new NotAPackage(`The ZIP file cannot be read: ${why}.`);
}

const u16 = (data: Bytes, at: number): number => data[at]! | (data[at + 1]! << 8);
const u32 = (data: Bytes, at: number): number => u16(data, at) + u16(data, at + 2) * 65_536;
const u64 = (data: Bytes, at: number): number => u32(data, at) + u32(data, at + 4) * 2 ** 32;
const quoted = (name: string): string => `"${name.slice(0, 80)}"`;
