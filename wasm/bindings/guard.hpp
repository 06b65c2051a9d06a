#pragma once

#include <exception>
#include <new>
#include <string>

#include <emscripten/val.h>

#include <nystrom/error.hpp>

namespace nystrom::bindings {

/// Runs `work` and throws what it throws as a JavaScript object { code, message }: a C++ exception would reach
/// JavaScript without its message.
template <class Work>
auto guarded(Work&& work) -> decltype(work()) {
  const char* code = "UNKNOWN";
  std::string message;
  try {
    return work();
  } catch (const Error& error) {
    code = name_of(error.code());
    message = error.what();
  } catch (const std::bad_alloc&) {
    code = name_of(ErrorCode::out_of_memory);
    message = "WebAssembly memory does not suffice";
  } catch (const std::exception& error) {
    message = error.what();
  }
  auto thrown = emscripten::val::object();
  thrown.set("code", std::string(code));
  thrown.set("message", message);
  thrown.throw_();
}

}  // namespace nystrom::bindings
