// One tile out of a sprite sheet, at the size of whatever box shows it.

export interface Sheet {
  src: string;
  columns: number;
  rows: number;
  tile_width: number;
  tile_height: number;
  count: number;
}

export interface Tile {
  index: number;
  size: string;
  position: string;
}

/** Choose a tile by its share of the strip (0 to 1); percentages, so that any box will do. */
export function tileAt(sheet: Sheet, share: number): Tile {
  const index = Math.min(sheet.count - 1, Math.max(0, Math.floor(share * sheet.count)));
  return tile(sheet, index);
}

/** Say where a tile lies on its sheet, as CSS background size and position. */
export function tile(sheet: Sheet, index: number): Tile {
  const column = index % sheet.columns;
  const row = Math.floor(index / sheet.columns);
  const along = (at: number, of: number) => (of > 1 ? (at / (of - 1)) * 100 : 0);
  return {
    index,
    size: `${sheet.columns * 100}% ${sheet.rows * 100}%`,
    position: `${along(column, sheet.columns)}% ${along(row, sheet.rows)}%`,
  };
}

/** Show a tile in an element. Through the object model: a page's policy may forbid style attributes. */
export function show(element: HTMLElement, sheet: Sheet, shown: Tile): void {
  element.style.backgroundImage = `url(${JSON.stringify(sheet.src)})`;
  element.style.backgroundSize = shown.size;
  element.style.backgroundPosition = shown.position;
}
