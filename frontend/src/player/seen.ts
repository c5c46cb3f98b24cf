// Tells the server what was watched, so that whoever sent it need not ask.
//
// A stretch is what played without a jump. It is told now and then, when playing stops,
// and when the page goes away.

export type Stretch = [start: number, end: number];

/** Two moments further apart than this at one speed are a jump, not playing. */
const JUMP = 1.5;
const TOLD_EVERY_MS = 15_000;

export class Watched {
  private stretches: Stretch[] = [];
  private last: number | null = null;

  /** The picture stands at this moment; `rate` is how fast it plays. */
  at(moment: number, rate = 1): void {
    const current = this.stretches[this.stretches.length - 1];
    const ahead = this.last === null ? -1 : moment - this.last;
    if (current && ahead >= 0 && ahead <= JUMP * Math.max(rate, 1)) current[1] = moment;
    else this.stretches.push([moment, moment]);
    this.last = moment;
  }

  /** What was watched since the last time this was asked. */
  take(): Stretch[] {
    const seen = this.stretches.filter(([start, end]) => end > start);
    this.stretches = this.last === null ? [] : [[this.last, this.last]];
    return seen;
  }

  /** Playing stopped, or went elsewhere. */
  pause(): void {
    this.last = null;
  }
}

export function tellWhatIsSeen(page: Document, url: string, csrf: string): void {
  const watched = new Watched();
  let toldAt = Date.now();
  const tell = (): void => {
    toldAt = Date.now();
    const stretches = watched.take();
    if (!stretches.length) return;
    const form = new FormData();
    form.set("csrfmiddlewaretoken", csrf);
    form.set("stretches", JSON.stringify(stretches));
    navigator.sendBeacon(url, form);
  };
  // Events of media do not bubble: they are caught on their way down.
  page.addEventListener(
    "timeupdate",
    ({ target }) => {
      const video = target as HTMLVideoElement;
      if (video.seeking) return watched.pause();
      watched.at(video.currentTime, video.playbackRate);
      if (Date.now() - toldAt > TOLD_EVERY_MS) tell();
    },
    true,
  );
  page.addEventListener("seeking", () => watched.pause(), true);
  for (const name of ["pause", "ended"]) page.addEventListener(name, tell, true);
  page.addEventListener("visibilitychange", () => page.visibilityState === "hidden" && tell());
}
