// What the page of one recording loads besides custodes.js.

import { recordingOnPage } from "./player/contract";
import "./player/map";
import "./player/timeline";
import "./player/player";
import { tellWhatIsSeen } from "./player/seen";
import type { CustodesMap } from "./player/map";

const recording = recordingOnPage(document);
const points = recording?.track?.points ?? [];
for (const map of document.querySelectorAll<CustodesMap>("custodes-map")) map.points = points;

if (recording?.urls.seen) tellWhatIsSeen(document, recording.urls.seen, recording.csrf);
