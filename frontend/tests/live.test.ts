import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { LiveRegion, morph } from "../src/live/region";

const LANE = (words: string) =>
  `<ol><li id="a">${words}<details id="d"><summary>More</summary>x</details><input id="i" type="checkbox"></li></ol>`;

beforeEach(() => {
  document.body.innerHTML = `<div id="c-announcer" role="status"></div><div id="live" data-live="/live" data-every="2">${LANE("10 %")}</div>`;
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const live = () => document.getElementById("live")!;
const answers = (...list: (Response | Error)[]) => {
  const ask = vi.fn(async (_url: string, _init: RequestInit) => {
    const next = list.shift()!;
    if (next instanceof Error) throw next;
    return next;
  });
  vi.stubGlobal("fetch", ask);
  return ask;
};

describe("a morph", () => {
  test("changes only what differs: the same element stays", () => {
    const lane = document.getElementById("a");
    morph(live(), LANE("20 %"));
    expect(document.getElementById("a")).toBe(lane);
    expect(lane!.textContent).toContain("20 %");
  });

  test("leaves open what a person opened, and ticked what they ticked", () => {
    (document.getElementById("d") as HTMLDetailsElement).open = true;
    (document.getElementById("i") as HTMLInputElement).checked = true;
    morph(live(), LANE("20 %"));
    expect((document.getElementById("d") as HTMLDetailsElement).open).toBe(true);
    expect((document.getElementById("i") as HTMLInputElement).checked).toBe(true);
  });
});

describe("a live region", () => {
  test("sends back the tag it was given, and takes 304 for no change", async () => {
    const ask = answers(
      new Response(LANE("20 %"), { headers: { ETag: '"t1"' } }),
      new Response(null, { status: 304 }),
    );
    const region = new LiveRegion(live());
    await region.ask();
    await region.ask();
    region.stop();
    expect(ask.mock.calls[0]![1].headers).toEqual({});
    expect(ask.mock.calls[1]![1].headers).toEqual({ "If-None-Match": '"t1"' });
    expect(live().textContent).toContain("20 %");
  });

  test("says since when it is stale, and takes it back", async () => {
    answers(new Error("down"), new Response(LANE("30 %")));
    const region = new LiveRegion(live());
    await region.ask();
    const sign = document.querySelector<HTMLElement>(".c-stale")!;
    expect(sign.textContent).toMatch(/^Not updating since \d\d:\d\d\.$/);
    expect(live().textContent).toContain("10 %");
    await region.ask();
    region.stop();
    expect(sign.hidden).toBe(true);
  });

  test("a server's error page never replaces the board", async () => {
    answers(new Response("<h1>500</h1>", { status: 500 }));
    const region = new LiveRegion(live());
    await region.ask();
    region.stop();
    expect(live().textContent).toContain("10 %");
  });

  test("a sign-in page never replaces the board either", async () => {
    const page = new Response("<h1>Sign in</h1>");
    Object.defineProperty(page, "redirected", { value: true });
    answers(page);
    const region = new LiveRegion(live());
    await region.ask();
    region.stop();
    expect(live().textContent).toContain("10 %");
    expect(document.querySelector(".c-stale")!.textContent).toContain("signed out");
  });

  test("speaks once about each new thing", async () => {
    const said = (words: string) => new Response(`<p data-announce="${words}"></p>`);
    answers(said("PC 4711 is done"), said("PC 4711 is done"), said("PC 5120 is done"));
    const region = new LiveRegion(live());
    const voice = document.getElementById("c-announcer")!;
    await region.ask();
    expect(voice.textContent).toBe("PC 4711 is done");
    voice.textContent = "";
    await region.ask();
    expect(voice.textContent).toBe("");
    await region.ask();
    region.stop();
    expect(voice.textContent).toBe("PC 5120 is done");
  });

  test("asks nothing while the page is hidden", async () => {
    const ask = answers();
    vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    const region = new LiveRegion(live());
    await region.ask();
    region.stop();
    expect(ask).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  test("waits longer after each failure", async () => {
    vi.useFakeTimers();
    const ask = answers(...Array.from({ length: 9 }, () => new Error("down")));
    const region = new LiveRegion(live());
    region.start();
    await vi.advanceTimersByTimeAsync(2_000 + 4_000 + 8_000 + 100);
    region.stop();
    expect(ask).toHaveBeenCalledTimes(3);
  });
});
