// Making pieces of the page. Text from outside is only ever text: nothing here reads markup.

type Child = Node | string | null | undefined | false;

export function el<Name extends keyof HTMLElementTagNameMap>(
  name: Name, attributes: Readonly<Record<string, string>> = {}, ...inside: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  fill(made, attributes, inside);
  return made;
}

export function svg(name: string, attributes: Readonly<Record<string, string | number>> = {}, ...inside: readonly Child[]): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  fill(made, attributes, inside);
  return made;
}

function fill(made: Element, attributes: Readonly<Record<string, string | number>>, inside: readonly Child[]): void {
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  for (const child of inside) if (child) made.append(typeof child === "string" ? visible(child) : child);
}

/** Show text as it is: characters that would turn or hide what stands around them become visible. */
export const visible = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, "\ufffd");

export const byId = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
