#include <doctest/doctest.h>

#include <cstdlib>
#include <optional>
#include <string>

#include <nystrom/error.hpp>
#include <nystrom/model.hpp>

#include "kernels/select.hpp"

using nystrom::kernels::available;
using nystrom::kernels::select;

namespace {

/// NYSTROM_KERNELS for as long as this lives.
class Forced {
 public:
  explicit Forced(const char* name) {
    if (const char* before = std::getenv(variable)) before_ = before;
    setenv(variable, name, 1);
  }
  Forced(const Forced&) = delete;
  Forced& operator=(const Forced&) = delete;
  ~Forced() {
    if (before_) {
      setenv(variable, before_->c_str(), 1);
    } else {
      unsetenv(variable);
    }
  }

 private:
  static constexpr const char* variable = "NYSTROM_KERNELS";
  std::optional<std::string> before_;
};

std::string message_of(std::string_view name) {
  try {
    static_cast<void>(select(name));
  } catch (const nystrom::Error& error) {
    CHECK(error.code() == nystrom::ErrorCode::input_invalid);
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("every table is found by its name, the plain one first") {
  REQUIRE(!available().empty());
  CHECK(std::string(available().front()->name) == "scalar");
  const auto names = nystrom::available_kernels();
  REQUIRE(names.size() == available().size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    CHECK(names[i] == available()[i]->name);
    CHECK(&select(names[i]) == available()[i]);
  }
}

TEST_CASE("without a name it is the fastest, or what NYSTROM_KERNELS says") {
  {
    const Forced nothing("");
    CHECK(&select() == available().back());
  }
  const Forced scalar("scalar");
  CHECK(&select() == available().front());
  CHECK(&select(available().back()->name) == available().back());
}

TEST_CASE("an unknown name is an error that lists the known ones") {
  CHECK(message_of("mmx").find("'mmx'") != std::string::npos);
  CHECK(message_of("mmx").find("scalar") != std::string::npos);
  const Forced unknown("altivec");
  CHECK(message_of("").find("NYSTROM_KERNELS") != std::string::npos);
  CHECK(message_of("").find("'altivec'") != std::string::npos);
}
