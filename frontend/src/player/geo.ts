// The path on the ground: lengths, places between fixes, and a flat drawing of it.

import type { TrackPoint } from "./contract";

// Mean radius of the earth in metres (IUGG).
const RADIUS = 6_371_008.8;
const RAD = Math.PI / 180;

/** Distance in metres along a great circle (haversine). */
export function metres(from: TrackPoint, to: TrackPoint): number {
  const dLat = (to[2] - from[2]) * RAD;
  const dLon = (to[1] - from[1]) * RAD;
  const h =
    Math.sin(dLat / 2) ** 2 +
    Math.cos(from[2] * RAD) * Math.cos(to[2] * RAD) * Math.sin(dLon / 2) ** 2;
  return 2 * RADIUS * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Length of the whole path in metres. */
export function pathLength(points: readonly TrackPoint[]): number {
  return points.slice(1).reduce((sum, point, index) => sum + metres(points[index]!, point), 0);
}

/** Where the device was at this second, on the straight line between two fixes. */
export function positionAt(points: readonly TrackPoint[], at: number): TrackPoint | null {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return null;
  if (at <= first[0]) return first;
  const index = points.findIndex((point) => point[0] >= at);
  if (index < 0) return last;
  const from = points[index - 1]!;
  const to = points[index]!;
  const part = to[0] > from[0] ? (at - from[0]) / (to[0] - from[0]) : 1;
  return [at, from[1] + (to[1] - from[1]) * part, from[2] + (to[2] - from[2]) * part];
}

export interface Plane {
  x(longitude: number): number;
  y(latitude: number): number;
  longitude(x: number): number;
  latitude(y: number): number;
  /** The box around the path, in metres. */
  width: number;
  height: number;
}

/** Flatten the neighbourhood of a path to metres east and south of its north-west corner. */
export function plane(points: readonly TrackPoint[]): Plane {
  const lons = points.map((point) => point[1]);
  const lats = points.map((point) => point[2]);
  const west = Math.min(...lons);
  const north = Math.max(...lats);
  const perLat = RADIUS * RAD;
  const perLon = perLat * Math.cos(((north + Math.min(...lats)) / 2) * RAD);
  return {
    x: (longitude) => (longitude - west) * perLon,
    y: (latitude) => (north - latitude) * perLat,
    longitude: (x) => west + x / perLon,
    latitude: (y) => north - y / perLat,
    width: (Math.max(...lons) - west) * perLon,
    height: (north - Math.min(...lats)) * perLat,
  };
}

/** A round length (1, 2 or 5 times a power of ten) not longer than the given one. */
export function roundLength(longest: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(longest, 1e-6)));
  const step = [5, 2, 1].find((times) => times * power <= longest * (1 + 1e-9)) ?? 1;
  return step * power;
}

/** Write a distance: "40 m", "1.2 km". */
export function distance(length: number): string {
  if (length < 1000) return `${Number(length.toPrecision(length < 10 ? 1 : 2))} m`;
  return `${(length / 1000).toFixed(length < 10_000 ? 1 : 0)} km`;
}

/** Write a position so that it can be read aloud: "51.46210° N, 0.11420° W". */
export function coordinates([, longitude, latitude]: TrackPoint): string {
  const side = (value: number, plus: string, minus: string) =>
    `${Math.abs(value).toFixed(5)}° ${value < 0 ? minus : plus}`;
  return `${side(latitude, "N", "S")}, ${side(longitude, "E", "W")}`;
}
