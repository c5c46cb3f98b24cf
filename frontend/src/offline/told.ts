// What the page was told of the exhibits, and when a moment of one was filmed.

export interface Exhibit {
  reference: string;
  item: string;
  producer: string;
  path: string;
  kind: "film" | "picture";
  /** When its first picture was filmed, by the camera's clock, in milliseconds since 1970. */
  began: number;
  /** The server's clock minus the camera's, if the two were ever compared. */
  ahead: number | null;
  seconds: number;
  frame_rate: number;
}

export interface Told {
  case: string;
  audience: string;
  marking: string;
  zone: string;
  exhibits: Exhibit[];
}

/** Read what stands in the page itself: nothing is fetched. */
export function told(): Told {
  return JSON.parse(document.getElementById("exhibits")!.textContent!) as Told;
}

/** A moment in UTC, to the millisecond. */
export function inUtc(at: number): string {
  return `${new Date(at).toISOString().replace("T", " ").slice(0, 23)} UTC`;
}

/** The same moment by the clocks on the wall where it was filmed. */
export function onTheWall(at: number, zone: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit",
    second: "2-digit", hourCycle: "h23", timeZoneName: "short",
  }).formatToParts(new Date(at));
  const part = (name: string): string => parts.find((each) => each.type === name)?.value ?? "";
  const thousandths = String(((at % 1000) + 1000) % 1000).padStart(3, "0");
  return `${part("day")} ${part("month")} ${part("year")}, `
    + `${part("hour")}:${part("minute")}:${part("second")}.${thousandths} ${part("timeZoneName")}`;
}

/** When the picture on the screen begins, in seconds into the film. */
export function beginOf(at: number, frameRate: number): number {
  return Math.floor(at * frameRate + 0.01) / frameRate;
}

/** The middle of a picture so many away from the one on the screen; never before the first. */
export function pictureFrom(at: number, by: number, frameRate: number): number {
  return Math.max(0, (Math.floor(at * frameRate + 0.01) + by + 0.5) / frameRate);
}

/** Minutes and seconds into a film, to the hundredth. */
export function into(seconds: number): string {
  const whole = Math.floor(seconds * 100 + 1e-6), rest = (whole % 6000) / 100;
  return `${Math.floor(whole / 6000)}:${rest.toFixed(2).padStart(5, "0")}`;
}
