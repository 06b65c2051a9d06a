// Emscripten's JavaScript for what no binding uses, types and an environment, left out of the package.
addToLibrary({
  _embind_register_bigint: (_type, _name, _size, _least, _most) => {},
  _embind_register_std_wstring: (_type, _charSize, _name) => {},
  // An error of WASI: there is none, so nothing that one would be made of is needed.
  environ_get: (_strings, _bytes) => 1,
  environ_get__deps: [],
  environ_sizes_get: (_count, _size) => 1,
  environ_sizes_get__deps: [],
});
