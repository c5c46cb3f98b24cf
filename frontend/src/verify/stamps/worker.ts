// What runs in the worker: one timestamp after another.

import { readStamp } from "./stamp";
import type { Question } from "./asking";

onmessage = async ({ data }: MessageEvent<Question>) => postMessage(await readStamp(data.answer, data.pinned));
