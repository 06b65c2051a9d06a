import { type Classifier, load, type ModelFiles } from 'nystromformer';

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

/** The most that a model's config.json may say. */
const exactForAll = 65_536;

/** A text of so many tokens: the start and end marks are two of them. */
const textOf = (tokens: number) => 'the '.repeat(tokens - 2);

/** The shipped model's files: those that the package keeps in the browser, or else from where the page came. */
async function shippedFiles(signal: AbortSignal): Promise<ModelFiles> {
  // Pages that came over plain HTTP have no caches.
  const kept = await globalThis.caches?.open('nystromformer').catch(() => null);
  const requests = (await kept?.keys()) ?? [];
  const bytesOf = async (name: string, url: URL) => {
    const request = requests.find((one) => one.url.startsWith(`https://nystromformer.invalid/${name}/`));
    const response = (request && (await kept?.match(request))) ?? (await fetch(url, { signal }));
    if (!response.ok) throw new Error(`${name} could not be fetched again: ${response.status} ${response.statusText}`);
    return new Uint8Array(await response.arrayBuffer());
  };
  const [config, tokenizer, weights] = await Promise.all([
    bytesOf('config.json', new URL('../../../wasm/dist/model/config.json', import.meta.url)),
    bytesOf('tokenizer.json', new URL('../../../wasm/dist/model/tokenizer.json', import.meta.url)),
    bytesOf('model.safetensors', new URL('../../../wasm/dist/model/model.safetensors', import.meta.url)),
  ]);
  return { config, tokenizer, weights };
}

/** The same network, told to compare every token with every other in a text of any length. */
function readingExactly(files: ModelFiles): ModelFiles {
  const config = JSON.parse(new TextDecoder().decode(files.config));
  return { ...files, config: new TextEncoder().encode(JSON.stringify({ ...config, exact_up_to: exactForAll })) };
}

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
