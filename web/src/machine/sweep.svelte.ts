import type { Attention, CallOptions, Classifier, Matrix } from 'nystromformer';
import { SvelteMap } from 'svelte/reactivity';
import { product } from '../matrices';
import { relativeDifference } from '../relative-difference';

/** What some landmarks make of a head's attention to a short text, beside what it is exactly. */
export interface Approximation {
  text: string;
  attention: Attention;
  /** F·Z·B, and the softmax that it stands in for; n × n. */
  product: Matrix;
  exact: Matrix;
  /** By how much they differ, as a part of the exact one. */
  difference: number;
}

const fewestLandmarks = 4;

/** Matrices of more tokens would have cells too small to see. */
export const mostTokens = 60;

/** One head's attention to a short text with every number of landmarks, read one after the other. */
export class Sweep {
  readonly approximations = new SvelteMap<number, Approximation>();
  /** The numbers of landmarks: those of sixty tokens, until the text has been cut. */
  range = $state.raw({ least: fewestLandmarks, most: mostTokens });
  /** Which to read before the others. */
  wanted = 0;

  readonly text: string;
  readonly layer: number;
  readonly head: number;

  constructor(text: string, layer: number, head: number) {
    this.text = text;
    this.layer = layer;
    this.head = head;
  }

  /** Reads what has not been read yet. */
  async read(classifier: Classifier, { signal, onProgress }: CallOptions): Promise<void> {
    const { tokens } = await classifier.tokenize(this.text);
    this.range = { least: Math.min(fewestLandmarks, tokens.length), most: tokens.length };
    for (let next = this.#next(); next !== null; next = this.#next()) {
      this.approximations.set(next, await this.#approximate(classifier, next, signal));
      onProgress?.({ fraction: this.approximations.size / (this.range.most - this.range.least + 1) });
    }
  }

  /** A number within the range, as near as can be. */
  within(landmarks: number): number {
    return Math.min(this.range.most, Math.max(this.range.least, landmarks));
  }

  #next(): number | null {
    const wanted = this.within(this.wanted);
    if (!this.approximations.has(wanted)) return wanted;
    for (let landmarks = this.range.least; landmarks <= this.range.most; landmarks++) {
      if (!this.approximations.has(landmarks)) return landmarks;
    }
    return null;
  }

  async #approximate(classifier: Classifier, landmarks: number, signal?: AbortSignal): Promise<Approximation> {
    const { layer, head } = this;
    const exactRows = Array.from({ length: this.range.most }, (_, token) => token);
    const attention = await classifier.attention(this.text, { layer, head, landmarks, exactRows, signal });
    const approximated = product(attention.weights, attention.landmarkToToken);
    const exact = attention.exactRows;
    const difference = relativeDifference(approximated.data, exact.data);
    return { text: this.text, attention, product: approximated, exact, difference };
  }
}
