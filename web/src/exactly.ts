import { type CallOptions, type Classification, load, type ModelFiles } from 'nystromformer';

/** The most that a model's config.json may say: so many tokens can be read exactly. */
export const mostExact = 65_536;

/** The shipped model's files: those that the package keeps in the browser, or else from where the page came. */
export async function shippedFiles(signal?: AbortSignal): Promise<ModelFiles> {
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
    bytesOf('config.json', new URL('../../wasm/dist/model/config.json', import.meta.url)),
    bytesOf('tokenizer.json', new URL('../../wasm/dist/model/tokenizer.json', import.meta.url)),
    bytesOf('model.safetensors', new URL('../../wasm/dist/model/model.safetensors', import.meta.url)),
  ]);
  return { config, tokenizer, weights };
}

/** The same network, told to compare every token with every other in a text of any length. */
export function readingExactly(files: ModelFiles): ModelFiles {
  const config = JSON.parse(new TextDecoder().decode(files.config));
  return { ...files, config: new TextEncoder().encode(JSON.stringify({ ...config, exact_up_to: mostExact })) };
}

/** What the network says of a text if it compares every token with every other. */
export async function classifyExactly(text: string, { signal, onProgress }: CallOptions): Promise<Classification> {
  const files = await shippedFiles(signal);
  const classifier = await load({ model: readingExactly(files), signal });
  try {
    return await classifier.classify(text, { signal, onProgress });
  } finally {
    await classifier.close();
  }
}
