#include <iostream>
#include <nystrom/model.hpp>
#include <nystrom/run.hpp>

int main(int count, char** arguments) {
  if (count != 2) return 2;
  const auto model = nystrom::Model::load(std::filesystem::path(arguments[1]));
  const auto verdict = nystrom::classify(model, {u"a film to remember"}).front();
  std::cout << model->config().labels[verdict.logit > 0 ? 1 : 0] << ' ' << verdict.positive << '\n';
}
