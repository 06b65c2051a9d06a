/** Before this, how fast reading goes cannot be told from how fast it began. */
const fewestMilliseconds = 1500;

/** What a text costs beside its characters, in characters. */
const startOfText = 20;

/** Tells how long reading texts will go on, by how fast their characters went so far. */
export class Countdown {
  readonly #texts: readonly string[];
  readonly #start = performance.now();
  readonly #total: number;
  #read = 0;
  #done = 0;

  constructor(texts: readonly string[]) {
    this.#texts = texts;
    this.#total = texts.reduce((sum, text) => sum + startOfText + text.length, 0);
  }

  /** The next text was read. */
  next(): void {
    this.#done += startOfText + this.#texts[this.#read++].length;
  }

  /** Null while nobody knows. */
  get millisecondsLeft(): number | null {
    const spent = performance.now() - this.#start;
    if (spent < fewestMilliseconds || this.#done === 0) return null;
    return (spent * (this.#total - this.#done)) / this.#done;
  }
}
