// Damaged model folders: a typed error each that names file and field, in both modules.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NystromformerError } from 'nystromformer';
import { load, modules, readJson, readModel, toBytes } from './support.mjs';

const members = { 'config.json': 'config', 'tokenizer.json': 'tokenizer', 'model.safetensors': 'weights' };
const { damages } = readJson('damaged.json');

const fromHex = (hex) => Uint8Array.from(Buffer.from(hex, 'hex'));
const join = (...parts) => new Uint8Array(Buffer.concat(parts));

function splitHeader(bytes) {
  const length = Number(Buffer.from(bytes).readBigUInt64LE(0));
  return { header: JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString()), data: 8 + length };
}

/** RFC 6902, as far as the list uses it. */
function patched(document, operations) {
  const holder = { root: structuredClone(document) };
  const locate = (path) => {
    const keys = ['root', ...path.split('/').slice(1)];
    const last = keys.pop();
    return [keys.reduce((object, key) => object[key], holder), last];
  };
  for (const { op, path, from, value } of operations) {
    const [parent, key] = locate(path);
    if (op === 'remove') delete parent[key];
    else if (op === 'add' || op === 'replace') parent[key] = value;
    else {
      const [source, sourceKey] = locate(from);
      parent[key] = source[sourceKey];
      if (op === 'move') delete source[sourceKey];
    }
  }
  return holder.root;
}

function damaged(bytes, { file, keep, write, replace, patch }) {
  if (keep !== undefined) return bytes.slice(0, keep < 0 ? bytes.length + keep : keep);
  if (write !== undefined) {
    const copy = bytes.slice();
    const { header, data } = write.tensor === undefined ? {} : splitHeader(bytes);
    copy.set(fromHex(write.hex), write.offset + (header ? data + header[write.tensor].data_offsets[0] : 0));
    return copy;
  }
  if (replace !== undefined) {
    const at = Buffer.from(bytes).indexOf(replace.from);
    const replacement = replace.hex === undefined ? new TextEncoder().encode(replace.to) : fromHex(replace.hex);
    return join(bytes.subarray(0, at), replacement, bytes.subarray(at + replace.from.length));
  }
  if (file !== 'model.safetensors') return toBytes(patched(JSON.parse(Buffer.from(bytes).toString()), patch));
  const { header, data } = splitHeader(bytes);
  const text = toBytes(patched(header, patch));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return join(length, text, bytes.subarray(data));
}

for (const { name: module, wasm } of modules) {
  describe(module, () => {
    for (const damage of damages) {
      test(damage.name, async () => {
        const model = readModel(damage.model ?? 'tiny-model');
        const member = members[damage.file];
        const bytes = damaged(model[member], damage);
        assert.notDeepEqual(bytes, model[member]);
        // The package itself knows a page of HTML, and says that.
        const mentions = damage.name.startsWith('HTML') ? [damage.file, 'HTML'] : damage.mentions;
        await assert.rejects(load({ model: { ...model, [member]: bytes }, wasm }), (error) => {
          assert.ok(error instanceof NystromformerError);
          assert.equal(error.code, 'MODEL_INVALID', error.message);
          for (const mention of mentions)
            assert.ok(error.message.includes(mention), `"${error.message}" names ${mention}`);
          return true;
        });
      });
    }
  });
}
