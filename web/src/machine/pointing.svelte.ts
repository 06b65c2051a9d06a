import type { Cell } from '../matrices';

/** A cell of one of several linked pictures, what it says, and what it marks in all of them. */
export type Mark<T> = T & { cell: Cell; say: (cell: Cell) => string };

/** What is pointed at in linked pictures, or else pinned there. */
export class Pointing<T> {
  #pointed = $state.raw<Mark<T> | null>(null);
  #pinned = $state.raw<Mark<T> | null>(null);

  get mark(): Mark<T> | null {
    return this.#pointed ?? this.#pinned;
  }

  /** The marked cell in words. */
  get said(): string | null {
    return this.mark?.say(this.mark.cell) ?? null;
  }

  clear(): void {
    this.#pointed = null;
    this.#pinned = null;
  }

  /** What one of the pictures is handed, given what a cell of it says and marks. */
  in(say: (cell: Cell) => string, marked: (cell: Cell) => T) {
    const markOf = (cell: Cell): Mark<T> => ({ ...marked(cell), cell, say });
    return {
      say,
      point: (cell: Cell | null) => {
        this.#pointed = cell && markOf(cell);
      },
      /** Whether it is pinned now: what was so already no longer is. */
      pin: (cell: Cell): boolean => {
        const { say: pinnedSay, cell: pinned } = this.#pinned ?? {};
        const again = pinnedSay === say && pinned?.row === cell.row && pinned.column === cell.column;
        this.#pinned = again ? null : markOf(cell);
        return !again;
      },
      release: () => {
        this.#pinned = null;
      },
    };
  }
}
