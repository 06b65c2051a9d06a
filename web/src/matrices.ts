import type { Attention, Matrix } from 'nystromformer';

export interface Cell {
  row: number;
  column: number;
}

export function valueAt({ columns, data }: Matrix, { row, column }: Cell): number {
  return data[row * columns + column];
}

export function rowOf({ columns, data }: Matrix, row: number): Float32Array {
  return data.subarray(row * columns, (row + 1) * columns);
}

/** What each token looks at: landmarks, or all tokens if the text was read exactly. */
export function lookingMatrix({ exact, weights, tokenToLandmark }: Attention): Matrix {
  return exact ? weights : tokenToLandmark;
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
export function strongestCells({ columns, data }: Matrix, howMany: number): Cell[] {
  const sizes = data.map(Math.abs);
  const indices = Array.from(sizes, (_, index) => index).sort((a, b) => sizes[b] - sizes[a]);
  return indices.slice(0, howMany).map((index) => ({ row: Math.floor(index / columns), column: index % columns }));
}
