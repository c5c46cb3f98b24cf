// The player in a package: opened from disk, in whatever browser a court has, without a network.

import "./offline/page.scss";

import { actionFor, KEYS, type Action } from "./player/keys";
import { told } from "./offline/told";
import { Watching } from "./offline/watching";

const of = told();
const watching = new Watching(of);
const NOT_HERE: ReadonlySet<Action> = new Set(["bookmark", "mark-in", "mark-out", "help"]);

function choose(number: number): void {
  document.querySelectorAll<HTMLElement>("#list button").forEach((button, index) => {
    button.setAttribute("aria-pressed", String(index === number));
  });
  watching.show(of.exhibits[number]!);
}

function list(): void {
  const items = of.exhibits.map((exhibit, number) => {
    const item = document.createElement("li"), button = document.createElement("button");
    const reference = document.createElement("strong");
    reference.textContent = exhibit.reference;
    button.append(reference, ` ${exhibit.item}`);
    button.addEventListener("click", () => choose(number));
    item.append(button);
    return item;
  });
  document.getElementById("list")!.replaceChildren(...items);
}

function keys(): void {
  const rows = KEYS.filter((key) => !NOT_HERE.has(key.action)).map((key) => {
    const row = document.createElement("div"), name = document.createElement("dt"), does = document.createElement("dd");
    name.textContent = key.shown;
    does.textContent = key.does;
    row.append(name, does);
    return row;
  });
  document.getElementById("keys")!.replaceChildren(...rows);
  document.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement, action = actionFor(event);
    // A button and a summary have the space bar to themselves, the line of time its arrows.
    const theirs = (event.key === " " && target.closest("button, summary")) || target.matches("input");
    if (!action || theirs || NOT_HERE.has(action)) return;
    if (watching.does(action)) event.preventDefault();
  });
}

document.querySelectorAll<HTMLElement>("[data-does]").forEach((button) => {
  button.addEventListener("click", () => watching.does(button.dataset["does"] as Action));
});
document.getElementById("line")!.addEventListener("input", (event) => {
  watching.along(Number((event.target as HTMLInputElement).value));
});
document.getElementById("case")!.textContent = of.case;
document.getElementById("audience")!.textContent = `For ${of.audience}. ${of.marking}`.trim();
list();
keys();
if (of.exhibits.length) choose(0);
