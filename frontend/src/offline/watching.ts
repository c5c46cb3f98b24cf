// One film or picture on the screen, and the times at which what it shows was filmed.

import { nextSpeed, shuttle, type Action } from "../player/keys";
import { beginOf, into, inUtc, onTheWall, pictureFrom, type Exhibit, type Told } from "./told";

const byId = <E extends HTMLElement>(id: string): E => document.getElementById(id) as E;

export class Watching {
  private readonly film = byId<HTMLVideoElement>("film");
  private readonly picture = byId<HTMLImageElement>("picture");
  private shown: Exhibit | null = null;
  private rate = 1;
  /** A browser plays no film backwards: it is taken back step by step. */
  private backing = 0;

  constructor(private readonly of: Told) {
    for (const kind of ["timeupdate", "seeked", "loadedmetadata", "play", "pause", "ratechange"]) {
      this.film.addEventListener(kind, () => this.tell());
    }
    this.film.addEventListener("error", () => this.fail());
    this.picture.addEventListener("error", () => this.fail());
    const each = (): void => {
      if (!this.film.paused) this.tell();
      requestAnimationFrame(each);
    };
    requestAnimationFrame(each);
  }

  show(exhibit: Exhibit): void {
    this.halt();
    this.shown = exhibit;
    this.rate = 1;
    const isFilm = exhibit.kind === "film";
    this.film.hidden = !isFilm;
    this.picture.hidden = isFilm;
    byId("deck").hidden = !isFilm;
    byId("fault").hidden = true;
    if (isFilm) this.film.src = exhibit.path;
    else {
      this.film.removeAttribute("src");
      this.picture.src = exhibit.path;
      this.picture.alt = `${exhibit.reference}: ${exhibit.item}`;
    }
    byId("what").textContent = `${exhibit.reference}: ${exhibit.item}`;
    byId("by").textContent = `Produced by ${exhibit.producer}. File: ${exhibit.path}`;
    this.tell();
  }

  does(action: Action): boolean {
    if (this.shown?.kind !== "film") return false;
    const does = this.table()[action];
    does?.();
    return does !== undefined;
  }

  private table(): Partial<Record<Action, () => void>> {
    const by = (seconds: number) => () => this.to(this.film.currentTime + seconds);
    return {
      "play-pause": () => (this.moving() ? this.halt() : this.play(1)),
      "back": () => this.play(shuttle(this.rate, this.moving(), -1)),
      "pause": () => this.halt(),
      "forward": () => this.play(shuttle(this.rate, this.moving(), 1)),
      "frame-back": () => this.step(-1),
      "frame-on": () => this.step(1),
      "back-5": by(-5), "on-5": by(5), "back-1": by(-1), "on-1": by(1),
      "slower": () => this.pace(-1),
      "faster": () => this.pace(1),
      "start": () => this.to(0),
      "end": () => this.to(this.film.duration),
      "mute": () => { this.film.muted = !this.film.muted; },
      "full-screen": () => void (document.fullscreenElement ? document.exitFullscreen() : byId("screen").requestFullscreen()),
    };
  }

  private moving(): boolean {
    return !this.film.paused || this.backing !== 0;
  }

  private halt(): void {
    clearInterval(this.backing);
    this.backing = 0;
    this.film.pause();
    this.tell();
  }

  private play(rate: number): void {
    this.halt();
    this.rate = rate;
    if (rate > 0) {
      this.film.playbackRate = Math.min(rate, 16);
      void this.film.play().catch(() => this.fail());
      return;
    }
    this.backing = window.setInterval(() => {
      if (this.film.currentTime <= 0) this.halt();
      if (!this.film.seeking) this.to(this.film.currentTime + rate / 10);
    }, 100);
    this.tell();
  }

  private pace(step: 1 | -1): void {
    const rate = nextSpeed(this.rate, step);
    if (this.moving()) this.play(rate);
    else this.rate = rate;
    this.tell();
  }

  private step(by: 1 | -1): void {
    this.halt();
    this.to(pictureFrom(this.film.currentTime, by, this.shown!.frame_rate));
  }

  private to(seconds: number): void {
    const last = Number.isFinite(this.film.duration) ? this.film.duration : seconds;
    this.film.currentTime = Math.min(Math.max(0, seconds), last);
  }

  private tell(): void {
    if (!this.shown) return;
    const { began, ahead, kind, frame_rate } = this.shown;
    const seconds = kind === "film" ? this.film.currentTime : 0;
    // A picture was filmed when it begins, however long it stays.
    const at = Math.round(began + beginOf(seconds, frame_rate) * 1000);
    byId("camera-local").textContent = onTheWall(at, this.of.zone);
    byId("camera-utc").textContent = inUtc(at);
    const compared = ahead !== null;
    byId("server").hidden = !compared;
    byId("not-compared").hidden = compared;
    if (compared) byId("server-utc").textContent = `${onTheWall(at + ahead, this.of.zone)} (${inUtc(at + ahead)})`;
    const length = Number.isFinite(this.film.duration) ? this.film.duration : this.shown.seconds;
    byId("into").textContent = `${into(seconds)} of ${into(length)}`;
    byId("speed").textContent = this.moving() ? `playing, ${this.rate}×` : `paused, ${this.rate}×`;
    byId("play").textContent = this.moving() ? "Pause" : "Play";
    const line = byId<HTMLInputElement>("line");
    line.max = String(length || 1);
    if (document.activeElement !== line) line.value = String(seconds);
  }

  /** Go to where somebody put the handle of the line of time. */
  along(seconds: number): void {
    this.to(seconds);
  }

  private fail(): void {
    const path = this.shown?.path ?? "";
    byId("fault").textContent = `This browser does not open ${path}. Unpack the whole package, then open this page from`
      + ` the unpacked folder; or open the file itself with another player.`;
    byId("fault").hidden = false;
  }
}
