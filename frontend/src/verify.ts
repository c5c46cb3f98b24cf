// The page: whom to trust, what to open, how far it is, what was found.

import "./verify/page/verify.scss";

import { claimed, LIMITS, notProven } from "./verify/package/claims";
import type { Files } from "./verify/package/folder";
import { NotAPackage } from "./verify/package/zip";
import { verify, type Checked } from "./verify/package/verify";
import { openPool, type Pool } from "./verify/media/pool";
import { Stamps } from "./verify/stamps/asking";
import { byId } from "./verify/page/build";
import { ofDrop, ofFolder, ofZip, type Given } from "./verify/page/dropped";
import { showResult } from "./verify/page/result";
import { Trusting } from "./verify/page/trusting";

let last: Given | null = null;
let latest = 0;
let pool: Promise<Pool> | null = null;
const stamps = new Stamps();
const trusting = new Trusting(() => last && void check(last));

function begin(): void {
  const drop = byId("drop");
  for (const [id, given] of [["zip-file", chosenZip], ["folder", ofFolder]] as const) {
    byId<HTMLInputElement>(id).addEventListener("change", (event) => {
      const input = event.target as HTMLInputElement, files = [...(input.files ?? [])];
      if (files.length) void check(given(files));
      input.value = "";
    });
  }
  // A file that misses the area would otherwise be opened in place of this page.
  for (const kind of ["dragover", "drop"] as const) {
    addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.toggle("v-drop--over", kind === "dragover");
      if (kind === "drop" && event.dataTransfer?.items.length) void check(ofDrop(event.dataTransfer.items));
    });
  }
  addEventListener("dragleave", () => drop.classList.remove("v-drop--over"));
}

const chosenZip = (files: File[]): Given => ofZip(files[0]!);

async function check(given: Given): Promise<void> {
  const mine = ++latest;
  last = given;
  byId("result").hidden = true;
  working(`Checking ${given.name}`, 0);
  const found = await checked(given, (fraction) => mine === latest && working(`Checking ${given.name}`, fraction));
  if (mine !== latest) return;
  byId("working").hidden = true;
  showResult(found, { name: given.name, trust: trusting.inWords, again });
  document.documentElement.dataset["verdict"] = found.result.verdict;
}

async function checked(given: Given, progress: (fraction: number) => void): Promise<Checked> {
  try {
    const files: Files = await given.files();
    pool ??= openPool();
    const { policy, authorities } = trusting;
    return await verify(files, { policy, authorities, stamps, pool: await pool, progress });
  } catch (fault) {
    const why = fault instanceof NotAPackage ? fault.message : `It could not be read to the end: ${String(fault)}`;
    const claim = claimed("whole", "", notProven("whole.malformed", "This is not a package that can be checked.", [why]));
    return { result: { format: "custodes-verdict/v1", verdict: "NOT PROVEN", claims: [claim], limits: LIMITS }, pictures: new Map() };
  }
}

function working(words: string, fraction: number): void {
  byId("working").hidden = false;
  const said = byId("working-words");
  if (said.textContent !== words) said.textContent = words;
  byId<HTMLProgressElement>("working-bar").value = fraction;
}

function again(): void {
  last = null;
  byId("result").hidden = true;
  byId("zip-file").focus();
}

begin();
