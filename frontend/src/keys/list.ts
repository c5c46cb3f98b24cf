// Moving along a list of recordings by keyboard: arrows or j and k, Enter opens, space selects.
//
// Each row's link is an ordinary link, so Enter, Tab and a screen reader need nothing from us.

import { announce } from "../announce";
import { scrub } from "../filmstrip/scrub";
import { isTyping, keysOn } from "./switch";

const ROW = ".c-rec";

/** Make every `.c-reclist` on the page, now or later, answer to keys. */
export function watchLists(): void {
  document.addEventListener("keydown", onKey);
  document.addEventListener("change", (event) => {
    const box = event.target as Element;
    const list = box.matches?.(`${ROW} input[type=checkbox]`) ? box.closest(".c-reclist") : null;
    if (list) countChosen(list);
  });
  document.querySelectorAll(".c-reclist").forEach((list) => countChosen(list, true));
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
  const row = (event.target as Element).closest?.<HTMLElement>(ROW);
  const list = row?.closest(".c-reclist");
  if (!row || !list) return enter(event);
  const letters = keysOn();
  const rows = [...list.querySelectorAll<HTMLElement>(ROW)];
  const at = rows.indexOf(row);

  if (event.key === "ArrowDown" || (letters && event.key === "j")) move(rows, at, at + 1, event);
  else if (event.key === "ArrowUp" || (letters && event.key === "k")) move(rows, at, at - 1, event);
  else if (event.key === "ArrowRight") scrub(row, 1) && event.preventDefault();
  else if (event.key === "ArrowLeft") scrub(row, -1) && event.preventDefault();
  else if (event.key === " " && !(event.target instanceof HTMLInputElement)) choose(list, row, event);
}

/** With nothing focused yet, j goes to the first row, so that nobody has to tab through the filters. */
function enter(event: KeyboardEvent): void {
  if (event.key !== "j" || !keysOn() || event.target !== document.body) return;
  const rows = [...document.querySelectorAll<HTMLElement>(`.c-reclist ${ROW}`)];
  move(rows, -1, 0, event);
}

function move(rows: HTMLElement[], from: number, to: number, event: KeyboardEvent): void {
  const target = rows[to];
  if (!target) return;
  event.preventDefault();
  if (event.shiftKey) {
    // Shift takes the row we leave and the row we reach along.
    const chosen = box(rows[from]!)?.checked ?? true;
    for (const row of [rows[from]!, target]) setChosen(row, chosen || event.shiftKey);
    countChosen(target.closest(".c-reclist")!);
  }
  target.querySelector<HTMLElement>(".c-rec__open")?.focus();
  target.scrollIntoView({ block: "nearest" });
}

function choose(list: Element, row: HTMLElement, event: KeyboardEvent): void {
  const own = box(row);
  // A button in the row keeps its own space bar.
  if (!own || !(event.target as Element).matches(".c-rec__open")) return;
  event.preventDefault();
  own.checked = !own.checked;
  countChosen(list);
}

function box(row: Element): HTMLInputElement | null {
  return row.querySelector<HTMLInputElement>(".c-rec__select input");
}

function setChosen(row: Element, chosen: boolean): void {
  const own = box(row);
  if (own) own.checked = chosen;
}

/** Say how many are chosen, and show the bar of actions only when there are some. */
function countChosen(list: Element, quietly = false): void {
  const many = list.querySelectorAll(".c-rec__select input:checked").length;
  const scope = list.closest("form") ?? document;
  const words = many === 1 ? "1 recording chosen" : `${many} recordings chosen`;
  scope.querySelectorAll("[data-chosen-count]").forEach((place) => (place.textContent = words));
  scope.querySelectorAll<HTMLElement>(".c-bulk").forEach((bar) => (bar.hidden = many === 0));
  if (!quietly) announce(words);
}
