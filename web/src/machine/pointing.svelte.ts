import type { Cell } from '../matrices';

/** A cell of one of several linked pictures, where that is now, what it says, and what it marks in all of them. */
export type Mark<T> = T & { cell: Cell; now: () => Cell; say: (cell: Cell) => string };

/** What is pointed at in linked pictures, or else pinned there. */
export class Pointing<T> {
  #pointed = $state.raw<Mark<T> | null>(null);
  #pinned = $state.raw<Mark<T> | null>(null);

  get mark(): Mark<T> | null {
    return this.#pointed ?? this.#pinned;
  }

  /** The marked cell in words. */
  get said(): string | null {
    return this.mark?.say(this.mark.now()) ?? null;
  }

  clear(): void {
    this.#pointed = null;
    this.#pinned = null;
  }

  /**
   * What one of the pictures is handed, given what a cell of it says and marks; and which cell that is where a picture may
   * come to have other columns.
   */
  in(say: (cell: Cell) => string, marked: (cell: Cell) => T, cellOf?: (marked: T) => Cell) {
    const markOf = (cell: Cell): Mark<T> => {
      const what = marked(cell);
      return { ...what, cell, now: () => cellOf?.(what) ?? cell, say };
    };
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
