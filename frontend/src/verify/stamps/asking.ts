// Asking the worker that reads timestamps. It is begun with the first of them: most packages need none of it.

import type { Bytes } from "../plain/bytes";
import StampWorker from "./worker?worker&inline";
import type { Stamp } from "./stamp";

export interface Question {
  readonly answer: Bytes;
  readonly pinned: readonly Bytes[];
}

/** This browser allows a page from disk no worker. */
export class NoWorker extends Error {}

/** Reads one timestamp after another; throws NoWorker. */
export class Stamps {
  #worker: Worker | null = null;
  #last: Promise<unknown> = Promise.resolve();

  read(question: Question): Promise<Stamp | null> {
    const found = this.#last.then(() => this.#ask(question));
    this.#last = found.catch(() => null);
    return found;
  }

  #ask(question: Question): Promise<Stamp | null> {
    return new Promise((done, failed) => {
      try {
        this.#worker ??= new StampWorker();
      } catch {
        failed(new NoWorker());
        return;
      }
      this.#worker.onmessage = ({ data }: MessageEvent<Stamp | null>) => done(data);
      this.#worker.onerror = (event) => {
        event.preventDefault();
        failed(new NoWorker());
      };
      this.#worker.postMessage(question);
    });
  }
}
