#include "nn/encoder.hpp"

#include <Eigen/Core>

#include <cmath>

#include "nn/attention.hpp"

namespace nystrom {
namespace {

using kernels::Store;
using Row = Eigen::Map<Eigen::RowVectorXf>;
using ConstRow = Eigen::Map<const Eigen::RowVectorXf>;

ConstRow table_row(const AlignedFloats& table, std::size_t index, std::size_t columns) {
  return {table.data() + index * columns, static_cast<Eigen::Index>(columns)};
}

/// x = LayerNorm(word + type 0 + position) of a block's tokens.
void embed(const Pass& pass, const Block& block) {
  const auto& [config, weights, kernels, batch, work, tracer] = pass;
  const std::size_t d = config.hidden_size;
  float* x = pass.row(work.x, block.first_row);
  const ConstRow type = table_row(weights.type_embeddings, 0, d);
  std::size_t row = 0;
  for (const Stretch& stretch : block.stretches) {
    const Sequence& sequence = batch.sequences[stretch.sequence];
    for (std::size_t i = stretch.first; i < stretch.first + stretch.rows; ++i, ++row) {
      const std::size_t position = config.position_offset + i % config.max_position_embeddings;
      weights.word_embeddings.copy_row(static_cast<std::size_t>(sequence.ids[i]), x + row * d);
      Row sum{x + row * d, static_cast<Eigen::Index>(d)};
      sum = sum + type + table_row(weights.position_embeddings, position, d);
    }
  }
  kernels.layer_norm(x, d, nullptr, 0, block.rows, d, weights.embedding_norm.gamma.data(),
                     weights.embedding_norm.beta.data(), config.layer_norm_eps);
}

float* keys_of(const Pass& pass, const Block& block) {
  return pass.batch.exact ? pass.row(pass.work.keys, block.first_row) : pass.work.keys;
}

void project_keys_and_values(const Pass& pass, const LayerWeights& layer, const Block& block) {
  LinearInput x = pass.input(pass.row(pass.work.x, block.first_row), block.rows);
  x.apply(layer.key, keys_of(pass, block));
  x.apply(layer.value, pass.row(pass.work.values, block.first_row));
}

using Keep = void (HeadTrace::*)(const float*, std::size_t, std::size_t, std::size_t);

/// Shows the tracer the block's rows of Q or K, all heads side by side.
void show(const Pass& pass, std::size_t layer, const Block& block, const float* rows, Keep keep) {
  for (std::size_t head = 0; pass.tracer != nullptr && head < pass.config.num_attention_heads; ++head) {
    HeadTrace* trace = pass.trace(layer, head);
    if (trace == nullptr) continue;
    (trace->*keep)(rows + head * pass.config.head_size(), pass.config.hidden_size, block.first_row, block.rows);
  }
}

/// context = the depthwise convolution of V, each stretch within its own sequence.
void convolve(const Pass& pass, const LayerWeights& layer, const Block& block) {
  const auto& [config, weights, kernels, batch, work, tracer] = pass;
  const std::size_t d = config.hidden_size;
  std::size_t block_row = 0;
  for (const Stretch& stretch : block.stretches) {
    const Sequence& sequence = batch.sequences[stretch.sequence];
    kernels.convolve({.values = pass.row(work.values, sequence.first_row),
                      .values_stride = d,
                      .tokens = sequence.size(),
                      .first = stretch.first,
                      .rows = stretch.rows,
                      .heads = config.num_attention_heads,
                      .head_size = config.head_size(),
                      .filter = layer.convolution.data(),
                      .width = config.conv_kernel_size,
                      .out = pass.row(work.context, block_row),
                      .out_stride = d});
    block_row += stretch.rows;
  }
}

/// x = LayerNorm(x + branch), in place.
void add_and_normalise(const Pass& pass, const LayerNorm& norm, const float* branch, const Block& block) {
  const std::size_t d = pass.config.hidden_size;
  pass.kernels.layer_norm(pass.row(pass.work.x, block.first_row), d, branch, d, block.rows, d, norm.gamma.data(),
                          norm.beta.data(), pass.config.layer_norm_eps);
}

/// From the block's context to the layer's output: projection and feed-forward part, each added and normalised.
void finish_block(const Pass& pass, const LayerWeights& layer, const Block& block) {
  const auto& [config, weights, kernels, batch, work, tracer] = pass;
  pass.input(work.context, block.rows).apply(layer.attention_output, work.queries);
  add_and_normalise(pass, layer.attention_norm, work.queries, block);
  const Store activation = config.hidden_act == Activation::gelu ? Store::gelu : Store::gelu_tanh;
  pass.input(pass.row(work.x, block.first_row), block.rows).apply(layer.intermediate, work.intermediate, activation);
  pass.input(work.intermediate, block.rows).apply(layer.output, work.context);
  add_and_normalise(pass, layer.output_norm, work.context, block);
}

/// Multiply-adds of one row in the first and the second sweep over a layer's blocks.
double first_sweep_cost(const Config& config) noexcept {
  return 2.0 * static_cast<double>(config.hidden_size * config.hidden_size);
}

double second_sweep_cost(const Config& config) noexcept {
  return 2.0 * static_cast<double>(config.hidden_size * (config.hidden_size + config.intermediate_size));
}

}  // namespace

float Pass::scale() const noexcept { return 1.0F / std::sqrt(static_cast<float>(config.head_size())); }

double cost(const Config& config, const Batch& batch) noexcept {
  return static_cast<double>(batch.rows * config.num_hidden_layers) *
         (first_sweep_cost(config) + second_sweep_cost(config));
}

Steps encode(Pass pass, double& done) {
  const auto& [config, weights, kernels, batch, work, tracer] = pass;
  for (const Block& block : batch.blocks) {
    embed(pass, block);
    co_yield Step{};
  }
  for (std::size_t index = 0; index < config.num_hidden_layers; ++index) {
    const LayerWeights& layer = weights.layers[index];
    NystromAttention nystrom(pass, index);
    if (!batch.exact) {
      nystrom.prepare();
      for (std::size_t head = 0; head < config.num_attention_heads; ++head) {
        nystrom.invert(head);
        co_yield Step{};
      }
    }
    for (const Block& block : batch.blocks) {
      project_keys_and_values(pass, layer, block);
      show(pass, index, block, keys_of(pass, block), &HeadTrace::keys);
      if (!batch.exact) nystrom.gather(block);
      done += first_sweep_cost(config) * static_cast<double>(block.rows);
      co_yield Step{};
    }
    if (!batch.exact) {
      for (std::size_t head = 0; head < config.num_attention_heads; ++head) nystrom.combine(head);
    }
    for (const Block& block : batch.blocks) {
      pass.input(pass.row(work.x, block.first_row), block.rows).apply(layer.query, work.queries);
      show(pass, index, block, work.queries, &HeadTrace::queries);
      convolve(pass, layer, block);
      batch.exact ? attend_exactly(pass, index, block) : nystrom.attend(block);
      finish_block(pass, layer, block);
      done += second_sweep_cost(config) * static_cast<double>(block.rows);
      co_yield Step{};
    }
    if (tracer == nullptr) continue;
    for (Steps steps = tracer->finish(kernels, index, config.num_attention_heads); steps.next();) co_yield Step{};
  }
}

}  // namespace nystrom
