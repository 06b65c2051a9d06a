import type { Matrix } from 'nystromformer';
import type { Cell } from './matrices';

type Size = Pick<Matrix, 'rows' | 'columns'>;

/** The cell under the pointer, on a canvas of so many CSS pixels. */
export function cellAt({ offsetX, offsetY }: MouseEvent, width: number, height: number, { rows, columns }: Size): Cell {
  const index = (at: number, size: number, of: number) => Math.min(of - 1, Math.max(0, Math.floor((at / size) * of)));
  return { row: index(offsetY, height, rows), column: index(offsetX, width, columns) };
}

/** Whether the keys are the browser's, as Alt with an arrow is. */
export function isBrowsers({ altKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
  return altKey || ctrlKey || metaKey;
}

/** Where a key leads from a cell; null if it leads nowhere. */
export function moved(event: KeyboardEvent, from: Cell, { rows, columns }: Size): Cell | null {
  if (isBrowsers(event)) return null;
  switch (event.key) {
    case 'ArrowUp':
      return { ...from, row: Math.max(0, from.row - 1) };
    case 'ArrowDown':
      return { ...from, row: Math.min(rows - 1, from.row + 1) };
    case 'ArrowLeft':
      return { ...from, column: Math.max(0, from.column - 1) };
    case 'ArrowRight':
      return { ...from, column: Math.min(columns - 1, from.column + 1) };
    case 'Home':
      return { ...from, column: 0 };
    case 'End':
      return { ...from, column: columns - 1 };
    default:
      return null;
  }
}
