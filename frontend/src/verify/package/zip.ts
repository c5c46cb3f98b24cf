// Reading the directory of a ZIP file so that there is one way to read it, or none (package.md, "Files").
//
// Programs differ in which directory they find when there are two, and in what they make of bytes between
// files. So the directory and its end are the last bytes of the file, every file before them begins where
// another ends, and what can be said in two places is the same in both.

import { fromUtf8, type Bytes } from "../plain/bytes";
import { MOST_FILES } from "./limits";

/** What was given is no folder or ZIP file as the format allows. */
export class NotAPackage extends Error {}

// APPNOTE.TXT 6.3.10: 4.3.7, 4.3.12, 4.3.14 to 4.3.16.
const LOCAL = 0x04034b50, CENTRAL = 0x02014b50, END64 = 0x06064b50, LOCATOR = 0x07064b50, END = 0x06054b50;
const END64_SIZE = 56, LOCATOR_SIZE = 20, END_SIZE = 22;
const MOST_DIRECTORY = 16 << 20;
/** A field of 32 bits, and one of 16, that sends the reader to the ZIP64 form. */
const WIDE = 0xffffffff, MOST = 0xffff;

interface Member {
  readonly name: string;
  readonly size: number;
  readonly header: number;
}

/** Return the files of a ZIP file in which they are stored as they are; nothing is unpacked into memory. */
export async function filesOfZip(zip: Blob): Promise<{ path: string; file: Blob }[]> {
  const directory = await findDirectory(zip);
  const members = readDirectory(directory.data, directory.count).sort((a, b) => a.header - b.header);
  const found: { path: string; file: Blob }[] = [];
  let at = 0;
  for (const member of members) {
    if (member.header !== at) refuse("two of its files share bytes, or others lie between them");
    const start = await startOf(zip, member);
    at = start + member.size;
    if (member.size || !member.name.endsWith("/")) found.push({ path: member.name, file: zip.slice(start, at) });
  }
  if (at !== directory.offset) refuse("bytes lie between its files and its directory");
  return found;
}

async function findDirectory(zip: Blob): Promise<{ data: Bytes; count: number; offset: number }> {
  let ends = zip.size - END_SIZE;
  const end = await bytes(zip, Math.max(0, ends), zip.size);
  if (end.length < END_SIZE || u32(end, 0) !== END) refuse("it does not end with the end of a directory");
  let said = [u16(end, 8), u16(end, 10), u32(end, 12), u32(end, 16)] as const;
  const located = await bytes(zip, Math.max(0, ends - LOCATOR_SIZE), Math.max(0, ends));
  if (located.length === LOCATOR_SIZE && u32(located, 0) === LOCATOR) {
    ends -= LOCATOR_SIZE + END64_SIZE;
    const wide = await wideEnd(zip, located, ends);
    if (!said.every((value, nth) => value === wide[nth] || value === (nth < 2 ? MOST : WIDE))) refuse("its directory stands at two places");
    said = wide;
  }
  const [here, count, size, offset] = said;
  if (u16(end, 4) || u16(end, 6) || here !== count || u16(end, 20)) refuse("it is one of several, or goes on after its end");
  if (size > MOST_DIRECTORY || offset + size !== ends) refuse("its directory does not stand before its end");
  return { data: await bytes(zip, offset, offset + size), count, offset };
}

async function wideEnd(zip: Blob, located: Bytes, at: number): Promise<readonly [number, number, number, number]> {
  const record = at < 0 ? new Uint8Array() : await bytes(zip, at, at + END64_SIZE);
  if (record.length !== END64_SIZE || u32(record, 0) !== END64 || u32(located, 4) || u64(located, 8) !== at || u32(located, 16) > 1) {
    refuse("the end of its directory cannot be found");
  }
  if (u64(record, 4) !== END64_SIZE - 12 || u32(record, 16) || u32(record, 20)) refuse("the end of its directory is not one");
  return [u64(record, 24), u64(record, 32), u64(record, 40), u64(record, 48)];
}

function readDirectory(data: Bytes, count: number): Member[] {
  const members: Member[] = [], names = new Set<string>();
  let at = 0;
  while (at < data.length) {
    if (at + 46 > data.length || u32(data, at) !== CENTRAL || members.length >= 2 * MOST_FILES) refuse("its directory is broken");
    const named = at + 46 + u16(data, at + 28), extended = named + u16(data, at + 30), end = extended + u16(data, at + 32);
    if (end > data.length) refuse("its directory is broken");
    const wide = wideFields(data.subarray(named, extended));
    const [size, packed, header] = [24, 20, 42].map((field) => {
      const plain = u32(data, at + field);
      return plain === WIDE ? wide.shift() ?? plain : plain;
    }) as [number, number, number];
    if (notPlain(u16(data, at + 8), u16(data, at + 10)) || size !== packed) refuse("it holds something else than files stored as they are");
    const name = text(data.subarray(at + 46, named));
    names.add(name);
    members.push({ name, size, header });
    at = end;
  }
  if (members.length !== count || names.size !== count) refuse("its directory has another number of files, or one of them twice");
  return members;
}

/** Return where a file's bytes begin; the head before them must say what the directory says. */
async function startOf(zip: Blob, { name, header }: Member): Promise<number> {
  const head = await bytes(zip, header, header + 30);
  if (head.length < 30 || u32(head, 0) !== LOCAL) refuse("a file is not where the directory says");
  if (notPlain(u16(head, 6), u16(head, 8))) refuse("it holds something else than files stored as they are");
  const named = header + 30 + u16(head, 26);
  if (text(await bytes(zip, header + 30, named)) !== name) refuse("it calls one file by two names");
  return named + u16(head, 28);
}

/** Encrypted, or with its sizes only after the data, or compressed. */
const notPlain = (flags: number, method: number): boolean => Boolean(flags & 0b1001) || method !== 0;

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
