// The form that makes a clip, which works by itself; marks on the player are written into it.

import { inFigures } from "./words";

/** The moment as the form reads it: "1:15.480", rounded up to a millisecond. */
export function typed(seconds: number): string {
  const thousandths = Math.ceil(seconds * 1000 - 1e-3);
  return `${inFigures(Math.floor(thousandths / 1000))}.${String(thousandths % 1000).padStart(3, "0")}`;
}

/** When the picture on the screen at this moment has been shown: the last of a clip is shown whole. */
export function shownUntil(at: number, frameRate: number): number {
  return (Math.floor(at * frameRate + 0.01) + 1) / frameRate;
}

/** Write marks into the form, where the page has one. */
export function fillClipForm(marks: { in: number | null; out: number | null }, frameRate: number): void {
  const write = (id: string, value: string) => {
    const field = document.getElementById(id);
    if (field instanceof HTMLInputElement) field.value = value;
  };
  write("clip-from", marks.in === null ? "" : typed(marks.in));
  write("clip-to", marks.out === null ? "" : typed(shownUntil(marks.out, frameRate)));
}

/** Open the form and go to what is still to be said; false where the page has none. */
export function openClipForm(): boolean {
  const form = document.getElementById("clip-form");
  if (!(form instanceof HTMLDetailsElement)) return false;
  form.open = true;
  const empty = [...form.querySelectorAll<HTMLInputElement>("input[type=text]")].find((field) => !field.value);
  empty?.focus();
  return true;
}
