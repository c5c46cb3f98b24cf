// The path on a map: an own drawing, so that no tile service learns where an officer was.
//
// It prints, needs no WebGL and no worker, and every figure on it is also in words.

import { LitElement, html, nothing, svg, type TemplateResult } from "lit";

import type { TrackPoint } from "./contract";
import {
  coordinates, distance, metres, pathLength, plane, positionAt, roundLength, type Plane,
} from "./geo";

const WIDTH = 480;
const HEIGHT = 320;
const MARGIN = 44;
const CLOSER = [1, 2, 4, 8];

interface Frame {
  scale: number;
  left: number;
  top: number;
}

export class CustodesMap extends LitElement {
  static override properties = {
    points: { attribute: false },
    zoom: { state: true },
  };

  declare points: TrackPoint[];
  declare zoom: number;
  private at = 0;
  private flat: Plane | null = null;

  constructor() {
    super();
    this.points = [];
    this.zoom = 0;
  }

  protected override createRenderRoot(): HTMLElement {
    this.replaceChildren();
    return this;
  }

  /** Move the dot to where the device was at this second. */
  moveTo(at: number): void {
    this.at = at;
    const dot = this.querySelector(".c-map__dot");
    const place = positionAt(this.points, at);
    if (!dot || !place || !this.flat) return;
    if (this.zoom > 0) return this.requestUpdate(); // the ground moves, the dot stays
    const frame = this.frame(this.flat);
    dot.setAttribute("transform", this.placing(frame, this.flat, place));
    this.querySelector(".c-map__now")!.textContent = coordinates(place);
  }

  override willUpdate(): void {
    this.flat = this.points.length ? plane(this.points) : null;
  }

  private frame(flat: Plane): Frame {
    // A device that stood still still gets 50 metres of ground around it.
    const fit = Math.min(
      (WIDTH - 2 * MARGIN) / Math.max(flat.width, 50),
      (HEIGHT - 2 * MARGIN) / Math.max(flat.height, 50),
    );
    const scale = fit * CLOSER[this.zoom]!;
    const place = this.zoom > 0 ? positionAt(this.points, this.at) : null;
    const x = place ? flat.x(place[1]) : flat.width / 2;
    const y = place ? flat.y(place[2]) : flat.height / 2;
    return { scale, left: WIDTH / 2 - x * scale, top: HEIGHT / 2 - y * scale };
  }

  private xy(frame: Frame, flat: Plane, point: TrackPoint): [number, number] {
    return [
      frame.left + flat.x(point[1]) * frame.scale,
      frame.top + flat.y(point[2]) * frame.scale,
    ];
  }

  private placing(frame: Frame, flat: Plane, point: TrackPoint): string {
    const [x, y] = this.xy(frame, flat, point);
    return `translate(${x.toFixed(1)} ${y.toFixed(1)})`;
  }

  private grid(frame: Frame, step: number): TemplateResult[] {
    const size = step * frame.scale;
    const lines: TemplateResult[] = [];
    for (let x = ((frame.left % size) + size) % size; x < WIDTH; x += size) {
      lines.push(svg`<line x1=${x} x2=${x} y1="0" y2=${HEIGHT}></line>`);
    }
    for (let y = ((frame.top % size) + size) % size; y < HEIGHT; y += size) {
      lines.push(svg`<line x1="0" x2=${WIDTH} y1=${y} y2=${y}></line>`);
    }
    return lines;
  }

  private drawing(flat: Plane): TemplateResult {
    const frame = this.frame(flat);
    const step = roundLength(110 / frame.scale);
    const path = this.points.map((point) => this.xy(frame, flat, point).map((v) => v.toFixed(1)));
    const [first, last] = [this.points[0]!, this.points.at(-1)!];
    const now = positionAt(this.points, this.at)!;
    const bar = step * frame.scale;
    return html`<svg class="c-map__drawing" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${this.inWords()}>
      <g class="c-map__grid">${this.grid(frame, step)}</g>
      <path class="c-map__path" d="M${path.map((pair) => pair.join(" ")).join("L")}"></path>
      <g transform=${this.placing(frame, flat, first)}>
        <circle class="c-map__start" r="8"></circle><text x="13" y="-8">Start</text></g>
      <g transform=${this.placing(frame, flat, last)}>
        <rect class="c-map__end" x="-8" y="-8" width="16" height="16"></rect><text x="13" y="20">End</text></g>
      <g class="c-map__dot" transform=${this.placing(frame, flat, now)}>
        <circle r="12"></circle><circle r="6"></circle></g>
      <g class="c-map__scale" transform="translate(16 ${HEIGHT - 16})">
        <path d="M0 -7V0H${bar.toFixed(1)}V-7"></path><text x="6" y="-6">${distance(step)}</text></g>
      <g class="c-map__north" transform="translate(${WIDTH - 26} 34)">
        <path d="M0 -20L8 6L0 1L-8 6Z"></path><text y="22" text-anchor="middle">N</text></g>
    </svg>`;
  }

  private inWords(): string {
    const [first, last] = [this.points[0]!, this.points.at(-1)!];
    const straight = distance(metres(first, last));
    return `Path of ${distance(pathLength(this.points))} from ${coordinates(first)} to ${coordinates(last)}, ${straight} apart.`;
  }

  override render(): TemplateResult {
    if (!this.flat) {
      return html`<p class="c-map__none">The camera recorded no position. There is no path to show;
        a place can still be given in the notes.</p>`;
    }
    const [first, last] = [this.points[0]!, this.points.at(-1)!];
    const button = (words: string, zoom: number) => html`<button type="button"
      ?disabled=${zoom < 0 || zoom >= CLOSER.length || zoom === this.zoom}
      @click=${() => (this.zoom = zoom)}>${words}</button>`;
    return html`${this.drawing(this.flat)}
      <div class="c-map__buttons">${button("Closer", this.zoom + 1)}${button("Wider", this.zoom - 1)}${this.zoom ? button("Whole path", 0) : nothing}</div>
      <dl class="c-map__words">
        <div><dt>Now</dt><dd class="c-map__now">${coordinates(positionAt(this.points, this.at)!)}</dd></div>
        <div><dt>Start</dt><dd>${coordinates(first)}</dd></div>
        <div><dt>End</dt><dd>${coordinates(last)}</dd></div>
        <div><dt>Walked or driven</dt><dd>${distance(pathLength(this.points))}, by the camera's own fixes</dd></div>
      </dl>`;
  }
}

customElements.define("custodes-map", CustodesMap);
