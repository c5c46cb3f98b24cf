// What runs in a worker: one stretch after another, or the hash of a whole file.

import { hashStretch, hashWhole, type Job } from "./hashing";

onmessage = async ({ data }: MessageEvent<{ file: Blob; job: Job | null }>) => {
  try {
    postMessage(data.job ? await hashStretch(data.file, data.job) : await hashWhole(data.file));
  } catch (fault) {
    postMessage({ failed: fault instanceof Error ? fault.message : String(fault) });
  }
};
