# nystrom_options: what every target of this project is compiled and linked with.
add_library(nystrom_options INTERFACE)
target_compile_features(nystrom_options INTERFACE cxx_std_20)
target_compile_options(nystrom_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow)
# A product and a sum are two roundings, on every architecture: the same text has the same logit everywhere.
target_compile_options(nystrom_options INTERFACE -ffp-contract=off)

if(NYSTROM_SANITIZE)
  set(sanitizers -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_options(nystrom_options INTERFACE ${sanitizers})
  target_link_options(nystrom_options INTERFACE ${sanitizers})
endif()

if(NYSTROM_FUZZ)
  target_compile_options(nystrom_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

if(EMSCRIPTEN)
  set(wasm_flags -fwasm-exceptions -msimd128)
  target_compile_options(nystrom_options INTERFACE ${wasm_flags})
  # Without ABORTING_MALLOC a failed allocation is std::bad_alloc, not the end of the module.
  target_link_options(nystrom_options INTERFACE ${wasm_flags}
    -sALLOW_MEMORY_GROWTH -sMAXIMUM_MEMORY=4GB -sABORTING_MALLOC=0 -sSTACK_SIZE=1MB)
endif()
