// Peers in onnxruntime-web, one thread: int8 graphs that tests/bench/peers/make.py wrote.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { config } from './shipped.mjs';

const { max_position_embeddings: positions, num_landmarks: landmarks } = config;
const peers = new URL('../../build/peers/', import.meta.url);
const ort = createRequire(new URL('package.json', peers))('onnxruntime-web');
ort.env.wasm.numThreads = 1;

async function session(name) {
  const graph = readFileSync(new URL(`graphs/${name}.onnx`, peers));
  return ort.InferenceSession.create(graph, { executionProviders: ['wasm'] });
}

function integers(count, value) {
  return new ort.Tensor(
    'int64',
    BigInt64Array.from({ length: count }, (_, i) => BigInt(value(i))),
    [count],
  );
}

/** The matrix that averages the rows of each of m even segments. */
function means(tokens, m) {
  const size = Math.floor(tokens / m);
  const short = (size + 1) * m - tokens;
  const start = (j) => j * size + Math.max(0, j - short);
  const values = new Float32Array(m * tokens);
  for (let j = 0; j < m; ++j)
    values.fill(1 / (start(j + 1) - start(j)), j * tokens + start(j), j * tokens + start(j + 1));
  return new ort.Tensor('float32', values, [m, tokens]);
}

function inputs(ids, exact) {
  const tokens = ids.length;
  const given = { ids: integers(tokens, (i) => ids[i]), positions: integers(tokens, (i) => i % positions) };
  return exact ? given : { ...given, means: means(tokens, landmarks) };
}

/** A function that reads so many tokens. */
export async function nystromformer(tokens, exact) {
  const graph = await session(exact ? 'exact.int8' : 'landmarks.int8');
  const given = inputs(
    Array.from({ length: tokens }, (_, i) => 1000 + i),
    exact,
  );
  return () => graph.run(given);
}

/** A function from token ids to the logit, of the float32 graphs or (`kind` '.int8') of the quantised ones. */
export async function logits(kind, exactUpTo) {
  const [exact, landmarks] = [await session(`exact${kind}`), await session(`landmarks${kind}`)];
  return async (ids) => {
    const short = ids.length <= exactUpTo;
    const [result] = Object.values(await (short ? exact : landmarks).run(inputs(ids, short)));
    return result.data[0];
  };
}

export async function distilbert(tokens) {
  const graph = await session('distilbert.int8');
  const inputs = { input_ids: integers(tokens, (i) => 1000 + i).reshape([1, tokens]) };
  return () => graph.run(inputs);
}
