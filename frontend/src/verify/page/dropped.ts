// What was dropped or chosen, as a package: one ZIP file, or the files of a folder.

import { folderOf, openZip, type Files } from "../package/folder";
import { MOST_FILES } from "../package/limits";
import { NotAPackage } from "../package/zip";

export interface Given {
  readonly name: string;
  readonly files: () => Promise<Files>;
}

interface Found {
  readonly path: string;
  readonly file: File;
}

export const ofZip = (file: File): Given => ({ name: file.name, files: () => openZip(file) });

export function ofFolder(chosen: readonly File[]): Given {
  const found = chosen.map((file) => ({ path: file.webkitRelativePath || file.name, file }));
  return { name: found[0]?.path.split("/")[0] ?? "", files: async () => folderOf(found) };
}

/** Take in what was dropped. Must be called at once: the browser forgets it after the event. */
export function ofDrop(items: DataTransferItemList): Given {
  const asked = [...items].filter((item) => item.kind === "file").map(handleOf);
  const first = [...items].find((item) => item.kind === "file")?.getAsFile();
  return {
    name: first?.name ?? "what was dropped",
    files: async () => {
      const found: Found[] = [];
      for (const handle of await Promise.all(asked)) await handle?.(found);
      const [only] = found;
      if (found.length === 1 && only && !only.path.includes("/")) return openZip(only.file);
      return folderOf(found);
    },
  };
}

type Gather = (into: Found[]) => Promise<void>;

async function handleOf(item: DataTransferItem): Promise<Gather | null> {
  // The older way first asked for, since both must be asked during the event.
  const entry = item.webkitGetAsEntry();
  // Chromium reads folders on a page from disk only in the newer way; Firefox knows only the older.
  const modern = "getAsFileSystemHandle" in item ? await (item as ModernItem).getAsFileSystemHandle() : null;
  if (modern) return (into) => gatherHandle(modern, "", into);
  return entry && ((into) => gatherEntry(entry, into));
}

interface ModernItem {
  getAsFileSystemHandle(): Promise<FileSystemHandle | null>;
}

async function gatherHandle(handle: FileSystemHandle, above: string, into: Found[]): Promise<void> {
  checkCount(into);
  if (handle.kind === "file") {
    into.push({ path: above + handle.name, file: await (handle as FileSystemFileHandle).getFile() });
    return;
  }
  const folder = handle as FileSystemDirectoryHandle & { values(): AsyncIterable<FileSystemHandle> };
  for await (const inside of folder.values()) await gatherHandle(inside, `${above}${handle.name}/`, into);
}

async function gatherEntry(entry: FileSystemEntry, into: Found[]): Promise<void> {
  checkCount(into);
  if (entry.isFile) {
    const file = await new Promise<File>((found, failed) => (entry as FileSystemFileEntry).file(found, failed));
    into.push({ path: entry.fullPath.replace(/^\//, ""), file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((found, failed) => reader.readEntries(found, failed));
    if (!some.length) return;
    for (const inside of some) await gatherEntry(inside, into);
  }
}

function checkCount(into: readonly Found[]): void {
  if (into.length > MOST_FILES) throw new NotAPackage(`There are over ${MOST_FILES} files.`);
}
