import type { Matrix } from 'nystromformer';
import type { Grid } from '../binning';
import type { Cell } from '../picture';

/** A matrix as it stands, each of its elements a cell. */
export function gridOf({ rows, columns, data }: Matrix): Grid {
  return { rows, columns, values: data };
}

export function transposed({ rows, columns, data }: Matrix): Matrix {
  const turned = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) turned[j * rows + i] = data[i * columns + j];
  }
  return { rows: columns, columns: rows, data: turned };
}

export function product(a: Matrix, b: Matrix): Matrix {
  const data = new Float32Array(a.rows * b.columns);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.columns; j++) {
      let sum = 0;
      for (let k = 0; k < a.columns; k++) sum += a.data[i * a.columns + k] * b.data[k * b.columns + j];
      data[i * b.columns + j] = sum;
    }
  }
  return { rows: a.rows, columns: b.columns, data };
}

/** The cells that are farthest from nothing, the farthest first. */
export function strongestCells({ columns, values }: Grid, howMany: number): Cell[] {
  const sizes = values.map(Math.abs);
  const indices = Array.from(sizes, (_, index) => index).sort((a, b) => sizes[b] - sizes[a]);
  return indices.slice(0, howMany).map((index) => ({ row: Math.floor(index / columns), column: index % columns }));
}
