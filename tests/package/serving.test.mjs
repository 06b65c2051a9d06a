// Files over HTTP and from the disk: what is missing or wrong, and progress.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { listen } from '../listen.mjs';
import { dist, fixtures, load, modelOfIds } from './support.mjs';

const page = '<!DOCTYPE html><html><body>Not here</body></html>';
const model = modelOfIds('tiny-model');
const files = {
  '/model/config.json': model.config,
  '/model/tokenizer.json': model.tokenizer,
  '/model/model.safetensors': model.weights,
  '/simd128.wasm': readFileSync(new URL('wasm/simd128.wasm', dist)),
};

let base;
let close;
let answers;
before(async () => {
  ({ base, close } = await listen((request, response) =>
    (answers[request.url] ?? answers['*'])(response, files[request.url]),
  ));
});
after(() => close());
beforeEach(() => {
  answers = { '*': plain };
});

const plain = (response, bytes) => response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
const chunked = (response, bytes) => response.writeHead(200).end(bytes);
const zipped = (response, bytes) => {
  const body = gzipSync(bytes);
  response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': body.length }).end(body);
};
const missing = (response) => response.writeHead(404).end('no such file');
const html = (response) => response.writeHead(200, { 'content-type': 'text/html' }).end(page);
const half = (response, bytes) => {
  response.writeHead(200, { 'content-length': bytes.length });
  response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
};

const options = () => ({ model: `${base}/model`, wasm: { simd128: `${base}/simd128.wasm` } });

async function progressOf(worker) {
  const events = [];
  const classifier = await load({ ...options(), worker, onProgress: (event) => events.push(event) });
  assert.equal((await classifier.classify('w7')).tokens, 3);
  await classifier.close();
  const size = Object.values(files).reduce((sum, { length }) => sum + length, 0);
  assert.deepEqual(events.at(-1), { loaded: size, total: size, fraction: 1 });
  assert.equal(events.filter(({ fraction }) => fraction === 1).length, 1);
  for (const [index, { loaded }] of events.entries()) assert.ok(loaded >= (events[index - 1]?.loaded ?? 0));
  return events;
}

for (const worker of [false, true]) {
  describe(worker ? 'in a worker' : 'in place', () => {
    test('progress over all files', async () => {
      const known = (await progressOf(worker)).filter(({ fraction }) => fraction !== null);
      for (const { loaded, total, fraction } of known) assert.equal(fraction, loaded / total);
    });

    for (const [name, answer] of [
      ['no length', chunked],
      ['compressed bodies', zipped],
    ]) {
      test(`progress with ${name}: no fraction but the last`, async () => {
        answers['*'] = answer;
        const events = await progressOf(worker);
        for (const { total, fraction } of events.slice(0, -1)) assert.deepEqual([total, fraction], [null, null]);
      });
    }

    for (const file of ['config.json', 'tokenizer.json', 'model.safetensors']) {
      for (const [what, answer, code] of [
        ['missing', missing, 'MODEL_NOT_FOUND'],
        ['HTML', html, 'MODEL_INVALID'],
        ['cut at half', half, 'MODEL_NOT_FOUND'],
      ]) {
        test(`${file} is ${what}`, async () => {
          answers[`/model/${file}`] = answer;
          await assert.rejects(load({ ...options(), worker }), (error) => {
            assert.equal(error.code, code);
            assert.ok(error.message.includes(`${base}/model/${file}`), error.message);
            return true;
          });
          answers = { '*': plain };
          await (await load({ ...options(), worker })).close();
        });
      }
    }

    for (const [what, answer] of [
      ['missing', missing],
      ['HTML', html],
      ['cut at half', half],
      ['another module', (response) => response.end(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))],
      ['damaged', (response, bytes) => response.end(bytes.subarray(0, 20_000))],
    ]) {
      test(`the wasm file is ${what}`, async () => {
        answers['/simd128.wasm'] = answer;
        await assert.rejects(load({ ...options(), worker }), (error) => {
          assert.equal(error.code, 'WASM_NOT_FOUND');
          assert.ok(error.message.includes(`${base}/simd128.wasm`), error.message);
          return true;
        });
      });
    }

    test('an error of the model names its folder', async () => {
      answers['/model/config.json'] = (response) => response.end('{}');
      await assert.rejects(load({ ...options(), worker }), (error) => {
        assert.equal(error.code, 'MODEL_INVALID');
        assert.ok(error.message.includes('config.json') && error.message.includes(`${base}/model/`), error.message);
        return true;
      });
    });

    test('nobody answers', async () => {
      await assert.rejects(load({ model: 'http://127.0.0.1:1/model/', worker }), { code: 'MODEL_NOT_FOUND' });
    });
  });
}

test('a folder on the disk, as a path, a relative path and a URL', async () => {
  const folder = new URL('tiny-model-half', fixtures);
  for (const location of [fileURLToPath(folder), folder, folder.href, new URL('tiny-model-half/', fixtures)]) {
    await (await load({ model: location })).close();
  }
  await assert.rejects(load({ model: './no/such/folder' }), (error) => {
    assert.equal(error.code, 'MODEL_NOT_FOUND');
    assert.match(error.message, /no\/such\/folder\/.*\.(json|safetensors)/);
    assert.equal(error.cause.code, 'ENOENT');
    return true;
  });
});

test('the shipped files, compressed on the way: the fraction is known from the first byte and ends at 1', async () => {
  const shipped = (url) => gzipSync(readFileSync(new URL(`.${url}`, dist)), { level: 1 });
  const compressing = await listen(({ url }, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(shipped(url)),
  );
  const events = [];
  const classifier = await load({ assets: { base: compressing.base }, onProgress: (event) => events.push(event) });
  await classifier.close();
  await compressing.close();
  assert.ok(events.length > 10);
  for (const [index, { loaded, total, fraction }] of events.entries()) {
    assert.equal(fraction, loaded / total);
    assert.ok(fraction <= 1 && fraction >= (events[index - 1]?.fraction ?? 0));
  }
  assert.deepEqual(
    events.filter(({ fraction }) => fraction === 1),
    [events.at(-1)],
  );
});
