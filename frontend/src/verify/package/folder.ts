// A package as it lies before us: paths and files, from a folder or a stored ZIP file.

import { isPath, MOST_FILES } from "./limits";
import { filesOfZip, NotAPackage } from "./zip";

export type Files = ReadonlyMap<string, Blob>;

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

/** Read a ZIP file whose files are stored as they are. */
export const openZip = async (zip: Blob): Promise<Files> => folderOf(await filesOfZip(zip));

const quoted = (name: string): string => `"${name.slice(0, 80)}"`;
