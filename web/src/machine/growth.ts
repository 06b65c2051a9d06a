import { type Classifier, load } from 'nystromformer';
import { readingExactly, shippedFiles } from '../exactly';

/** How long a text of some length took to read, one way or the other. */
export interface Reading {
  exact: boolean;
  tokens: number;
  milliseconds: number;
  /** What the program has taken of the device's memory by then, in bytes: the network and its work. */
  memory: number;
}

const lengths = [256, 512, 1024, 2048, 4096, 8192, 16384];

/** When a reading took longer, longer texts are not read this way. */
export const slow = 2000;

/** A text of so many tokens: the start and end marks are two of them. */
const textOf = (tokens: number) => 'the '.repeat(tokens - 2);

async function timed(classifier: Classifier, exact: boolean, length: number, signal: AbortSignal): Promise<Reading> {
  const start = performance.now();
  const { tokens } = await classifier.classify(textOf(length), { signal });
  const milliseconds = performance.now() - start;
  const { memory } = await classifier.info();
  return { exact, tokens, milliseconds, memory };
}

/** Reads longer and longer texts with landmarks and exactly, each until that grows slow. */
export async function* growth(signal: AbortSignal): AsyncGenerator<Reading> {
  const files = await shippedFiles(signal);
  const classifiers: { exact: boolean; classifier: Classifier; slow: boolean }[] = [];
  try {
    for (const exact of [false, true]) {
      const classifier = await load({ model: exact ? readingExactly(files) : files, signal });
      classifiers.push({ exact, classifier, slow: false });
      // The first reading of all finds caches cold and code not compiled to its end.
      await classifier.classify(textOf(lengths[0]), { signal });
    }
    for (const length of lengths) {
      for (const way of classifiers.filter((one) => !one.slow)) {
        const reading = await timed(way.classifier, way.exact, length, signal);
        way.slow = reading.milliseconds > slow;
        yield reading;
      }
    }
  } finally {
    for (const { classifier } of classifiers) await classifier.close();
  }
}
