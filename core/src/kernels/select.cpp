#include "kernels/select.hpp"

#include <cstdlib>
#include <string>
#include <vector>

#include <nystrom/error.hpp>

#include "kernels/tables.hpp"

namespace nystrom {
namespace kernels {
namespace {

std::vector<const KernelTable*> detect() {
  std::vector<const KernelTable*> tables{&scalar_table};
#if defined(__wasm__)
  tables.push_back(&wasm_table);
#elif defined(__x86_64__)
  // These ask the operating system too: a register that it doesn't save can't be used.
  const auto has = [](auto... answers) { return (... && (answers != 0)); };
  if (has(__builtin_cpu_supports("sse4.1"))) tables.push_back(&sse4_1_table);
  if (has(__builtin_cpu_supports("avx2"), __builtin_cpu_supports("fma"))) tables.push_back(&avx2_table);
  if (has(__builtin_cpu_supports("avx512f"), __builtin_cpu_supports("avx512cd"), __builtin_cpu_supports("avx512bw"),
          __builtin_cpu_supports("avx512dq"), __builtin_cpu_supports("avx512vl"))) {
    tables.push_back(&avx512_table);
    if (has(__builtin_cpu_supports("avx512vnni"))) tables.push_back(&avx512vnni_table);
  }
#elif defined(__aarch64__)
  tables.push_back(&neon64_table);
#endif
  return tables;
}

}  // namespace

std::span<const KernelTable* const> available() {
  static const std::vector<const KernelTable*> tables = detect();
  return tables;
}

const KernelTable& select(std::string_view name) {
  std::string asked_by = "the option 'kernels'";
  if (name.empty()) {
    const char* forced = std::getenv("NYSTROM_KERNELS");
    if (!forced || !*forced) return *available().back();
    name = forced;
    asked_by = "the environment variable NYSTROM_KERNELS";
  }
  std::string names;
  for (const KernelTable* table : available()) {
    if (name == table->name) return *table;
    names += names.empty() ? table->name : std::string(", ") + table->name;
  }
  throw Error(ErrorCode::input_invalid, asked_by + " names kernels '" + std::string(name) +
                                            "', which this machine or build does not have: use one of " + names);
}

}  // namespace kernels
}  // namespace nystrom
