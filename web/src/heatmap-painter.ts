import type { Matrix } from 'nystromformer';
import { clampAt, type WriteColour, writeAttentionColour } from './colour';
import type { Cell } from './matrices';

/** Gives a canvas the device's own resolution. */
export function fitCanvas(canvas: HTMLCanvasElement, width: number, height: number): void {
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
}

/** `evenShare` is the value of a cell that is drawn as 1×. */
export function paintAttention(canvas: HTMLCanvasElement, matrix: Matrix, evenShare: number): void {
  paintCells(canvas, matrix, (pixels, index, value) => writeAttentionColour(pixels, index, value / evenShare));
}

/** Draws one pixel a cell, as `write` colours its value, and stretches that over the canvas. */
export function paintCells(canvas: HTMLCanvasElement, matrix: Matrix, write: WriteColour): void {
  const context = canvas.getContext('2d');
  if (!context || canvas.width === 0) return;
  const image = new ImageData(matrix.columns, matrix.rows);
  matrix.data.forEach((value, i) => {
    write(image.data, i, value);
  });
  const cells = document.createElement('canvas');
  cells.width = matrix.columns;
  cells.height = matrix.rows;
  cells.getContext('2d')?.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(cells, 0, 0, canvas.width, canvas.height);
}

/** Draws the cross-hair: the pointed row, column or cell, and the pinned row. */
export function paintPointer(
  canvas: HTMLCanvasElement,
  matrix: Matrix,
  pointed: Partial<Cell> | null,
  pinnedRow: number | null,
): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const { width, height } = canvas;
  context.clearRect(0, 0, width, height);
  const band = (start: number, of: number, size: number) => ({
    from: (start / of) * size,
    length: Math.max(size / of, devicePixelRatio),
  });
  const frame = (x: number, y: number, w: number, h: number) => {
    context.lineWidth = 3 * devicePixelRatio;
    context.strokeStyle = 'rgb(0 0 0 / 0.75)';
    context.strokeRect(x, y, w, h);
    context.lineWidth = devicePixelRatio;
    context.strokeStyle = '#fff';
    context.strokeRect(x, y, w, h);
  };
  const edge = 2 * devicePixelRatio;
  if (pinnedRow !== null) {
    const row = band(pinnedRow, matrix.rows, height);
    frame(edge, row.from, width - 2 * edge, row.length);
  }
  const row = pointed?.row === undefined ? null : band(pointed.row, matrix.rows, height);
  const column = pointed?.column === undefined ? null : band(pointed.column, matrix.columns, width);
  if (row) {
    context.fillStyle = 'rgb(255 255 255 / 0.14)';
    context.fillRect(0, row.from, width, row.length);
  }
  if (column) {
    context.fillStyle = 'rgb(255 255 255 / 0.3)';
    context.fillRect(column.from, 0, column.length, height);
  }
  if (row && column) frame(column.from, row.from, column.length, row.length);
}

/** How many of the cells are above what the scale shows, as a fraction. */
export function clampedShare(matrix: Matrix, evenShare: number): number {
  const limit = clampAt * evenShare;
  let above = 0;
  for (const value of matrix.data) if (value > limit) above++;
  return above / matrix.data.length;
}
