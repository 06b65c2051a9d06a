// Reads one number of tokens a line and answers each once a text of so many has been read, on one thread. The driver
// (tests/bench/sections/native.mjs) takes the time. usage: nystrom_network MODEL_FOLDER

#include <cstdint>
#include <iostream>
#include <numeric>
#include <string>
#include <vector>

#include <nystrom/model.hpp>
#include <nystrom/run.hpp>

int main(int count, char** arguments) {
  if (count != 2) return 2;
  nystrom::Run run(nystrom::Model::load(arguments[1]));
  for (std::size_t tokens = 0; std::cin >> tokens;) {
    std::vector<std::int32_t> ids(tokens);
    std::iota(ids.begin(), ids.end(), 1000);
    run.begin_ids({ids});
    while (!run.advance().done) {
    }
    std::cout << run.results().front().logit << std::endl;
  }
}
