// Which key does what. The same table draws the "all keys" dialog, so neither can be forgotten.

export type Action =
  | "back" | "pause" | "forward" | "frame-back" | "frame-on" | "back-5" | "on-5" | "back-1" | "on-1"
  | "slower" | "faster" | "start" | "end" | "bookmark" | "mark-in" | "mark-out" | "full-screen"
  | "mute" | "help" | "play-pause";

export interface Key {
  keys: readonly string[];
  shift?: boolean;
  shown: string;
  does: string;
  action: Action;
}

export const KEYS: readonly Key[] = [
  { keys: [" "], shown: "Space", does: "Play or pause", action: "play-pause" },
  { keys: ["j", "J"], shown: "J", does: "Play backwards; again for faster", action: "back" },
  { keys: ["k", "K"], shown: "K", does: "Pause", action: "pause" },
  { keys: ["l", "L"], shown: "L", does: "Play; again for faster", action: "forward" },
  { keys: [","], shown: ",", does: "One frame back", action: "frame-back" },
  { keys: ["."], shown: ".", does: "One frame on", action: "frame-on" },
  { keys: ["ArrowLeft"], shift: false, shown: "←", does: "5 seconds back", action: "back-5" },
  { keys: ["ArrowRight"], shift: false, shown: "→", does: "5 seconds on", action: "on-5" },
  { keys: ["ArrowLeft"], shift: true, shown: "Shift ←", does: "1 second back", action: "back-1" },
  { keys: ["ArrowRight"], shift: true, shown: "Shift →", does: "1 second on", action: "on-1" },
  { keys: ["<", "-"], shown: "−", does: "Slower", action: "slower" },
  { keys: [">", "+", "="], shown: "+", does: "Faster", action: "faster" },
  { keys: ["Home"], shown: "Home", does: "To the beginning", action: "start" },
  { keys: ["End"], shown: "End", does: "To the end", action: "end" },
  { keys: ["m", "M"], shown: "M", does: "Bookmark this moment", action: "bookmark" },
  { keys: ["i", "I", "["], shown: "I or [", does: "Mark the in point", action: "mark-in" },
  { keys: ["o", "O", "]"], shown: "O or ]", does: "Mark the out point", action: "mark-out" },
  { keys: ["s", "S"], shown: "S", does: "Sound off or on", action: "mute" },
  { keys: ["f", "F"], shown: "F", does: "Full screen, and back", action: "full-screen" },
  { keys: ["?"], shown: "?", does: "Show these keys", action: "help" },
];

export interface Press {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
}

/** Say what a key press asks for; null leaves it to the browser. */
export function actionFor(press: Press): Action | null {
  if (press.ctrlKey || press.altKey || press.metaKey) return null;
  const found = KEYS.find(
    (key) => key.keys.includes(press.key) && (key.shift ?? press.shiftKey) === press.shiftKey,
  );
  return found?.action ?? null;
}

export const SPEEDS: readonly number[] = [0.25, 0.5, 1, 1.5, 2, 4, 8, 16];

/** The next speed of the table, in the same direction of play. */
export function nextSpeed(rate: number, step: 1 | -1): number {
  const size = Math.abs(rate);
  const at = SPEEDS.findIndex((speed) => speed >= size);
  const index = Math.min(Math.max((at < 0 ? SPEEDS.length - 1 : at) + step, 0), SPEEDS.length - 1);
  return Math.sign(rate || 1) * SPEEDS[index]!;
}

/** J and L: turn round to single speed, or double the speed up to sixteen. */
export function shuttle(rate: number, playing: boolean, direction: 1 | -1): number {
  if (!playing || Math.sign(rate) !== direction) return direction;
  return direction * Math.min(Math.max(1, Math.abs(rate) * 2), 16);
}
