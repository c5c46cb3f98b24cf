// Scrubbing a filmstrip in a list: by mouse along the picture, or by arrow keys on its row.

import { show, tile, tileAt, type Sheet } from "./tile";

const shownTile = new WeakMap<HTMLElement, number>();

function sheetOf(strip: HTMLElement): Sheet | null {
  try {
    const sheet = JSON.parse(strip.dataset["filmstrip"] ?? "") as Sheet;
    return sheet.src && sheet.count > 0 ? sheet : null;
  } catch {
    return null; // no filmstrip yet: the thumbnail stays
  }
}

/** Follow the mouse over every `[data-filmstrip]`, now or later on the page. */
export function watchFilmstrips(): void {
  document.addEventListener("pointermove", (event) => {
    const strip = (event.target as Element).closest?.<HTMLElement>("[data-filmstrip]");
    const sheet = strip && event.pointerType === "mouse" ? sheetOf(strip) : null;
    if (!strip || !sheet) return;
    const box = strip.getBoundingClientRect();
    present(strip, sheet, tileAt(sheet, (event.clientX - box.left) / box.width).index);
  });
  document.addEventListener("pointerout", (event) => {
    const strip = (event.target as Element).closest?.<HTMLElement>("[data-filmstrip]");
    if (strip && !strip.contains(event.relatedTarget as Node)) clear(strip);
  });
  document.addEventListener("focusout", (event) => {
    const row = (event.target as Element).closest?.<HTMLElement>(".c-rec");
    const strip = row?.querySelector<HTMLElement>("[data-filmstrip]");
    if (row && strip && !row.contains(event.relatedTarget as Node)) clear(strip);
  });
}

/** Step the filmstrip of a row; says whether there was one to step. */
export function scrub(row: HTMLElement, by: 1 | -1): boolean {
  const strip = row.querySelector<HTMLElement>("[data-filmstrip]");
  const sheet = strip ? sheetOf(strip) : null;
  if (!strip || !sheet) return false;
  const from = shownTile.get(strip) ?? (by > 0 ? -1 : sheet.count);
  present(strip, sheet, Math.min(sheet.count - 1, Math.max(0, from + by)));
  return true;
}

function present(strip: HTMLElement, sheet: Sheet, index: number): void {
  show(layer(strip, "c-filmstrip__sheet"), sheet, tile(sheet, index));
  layer(strip, "c-filmstrip__at").style.transform = `scaleX(${(index + 1) / sheet.count})`;
  shownTile.set(strip, index);
}

function layer(strip: HTMLElement, name: string): HTMLElement {
  let found = strip.querySelector<HTMLElement>(`.${name}`);
  if (!found) {
    found = document.createElement("span");
    found.className = name;
    strip.append(found);
  }
  return found;
}

function clear(strip: HTMLElement): void {
  strip.querySelectorAll(".c-filmstrip__sheet, .c-filmstrip__at").forEach((part) => part.remove());
  shownTile.delete(strip);
}
