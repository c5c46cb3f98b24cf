// What the page of one recording loads besides custodes.js.

import { recordingOnPage } from "./player/contract";
import "./player/map";
import "./player/timeline";
import "./player/player";
import type { CustodesMap } from "./player/map";

const points = recordingOnPage(document)?.track?.points ?? [];
for (const map of document.querySelectorAll<CustodesMap>("custodes-map")) map.points = points;
