// Several workers that hash stretches of a file side by side.
//
// A browser that allows no worker to a page opened from disk gets the same work done on the page.

import type { Bytes } from "../plain/bytes";
import { hashStretch, hashWhole, type Done, type Job } from "./hashing";
import HashWorker from "./worker?worker&inline";

const MOST = 4;

export interface Pool {
  hash(file: Blob, job: Job): Promise<Done>;
  /** The SHA-256 of a whole file. */
  sha256(file: Blob): Promise<Bytes>;
  readonly width: number;
}

export async function openPool(): Promise<Pool> {
  const width = Math.max(1, Math.min(MOST, navigator.hardwareConcurrency || 2));
  const crews = await Promise.all(Array.from({ length: width }, hire));
  const hired = crews.filter((crew) => crew !== null);
  if (!hired.length) return { hash: hashStretch, sha256: hashWhole, width: 1 };
  const free = [...hired];
  const waiting: ((crew: Crew) => void)[] = [];
  const release = (crew: Crew) => {
    const next = waiting.shift();
    if (next) next(crew);
    else free.push(crew);
  };
  const withOne = async <T>(work: (crew: Crew) => Promise<T>): Promise<T> => {
    const crew = free.pop() ?? (await new Promise<Crew>((take) => waiting.push(take)));
    try {
      return await work(crew);
    } finally {
      release(crew);
    }
  };
  return {
    width: hired.length,
    hash: (file, job) => withOne((crew) => crew.ask<Done>({ file, job })),
    sha256: (file) => withOne((crew) => crew.ask<Bytes>({ file, job: null })),
  };
}

interface Crew {
  ask<T>(message: { file: Blob; job: Job | null }): Promise<T>;
}

/** Start one worker and see that it answers; null where none may run. */
async function hire(): Promise<Crew | null> {
  let worker: Worker;
  try {
    worker = new HashWorker();
  } catch {
    return null;
  }
  const ask = <T>(message: unknown) => new Promise<T>((done, failed) => {
    worker.onmessage = ({ data }: MessageEvent<T | { failed: string }>) => {
      if (typeof data === "object" && data !== null && "failed" in data) failed(new Error(data.failed));
      else done(data as T);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      failed(new Error(event.message || "a worker of this page stopped"));
    };
    worker.postMessage(message);
  });
  try {
    await ask<Bytes>({ file: new Blob(), job: null });
    return { ask };
  } catch {
    return null;
  }
}
