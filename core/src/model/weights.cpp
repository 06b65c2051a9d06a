#include "model/weights.hpp"

#include "model/arrays.hpp"
#include "model/safetensors.hpp"

#include <cstdint>
#include <utility>

namespace nystrom {
namespace {

void append(AlignedFloats& rows, const AlignedFloats& row) { rows.insert(rows.end(), row.begin(), row.end()); }

class Reader {
 public:
  Reader(const Safetensors& file, const kernels::KernelTable& kernels) : file_(file), kernels_(kernels) {}

  AlignedFloats array(const std::string& name, const Shape& expected) {
    AlignedFloats values = read_floats(file_, name, expected);
    parameters_ += values.size();
    return values;
  }

  Embeddings embeddings(const std::string& name, const Shape& expected) {
    Embeddings table(file_, name, expected);
    parameters_ += table.size();
    return table;
  }

  Linear linear(const std::string& prefix, std::size_t inputs, std::size_t outputs) {
    Linear linear;
    linear.inputs = inputs;
    linear.outputs = outputs;
    const std::string name = prefix + ".weight";
    if (holds_integers(file_.at(name))) {
      pack_integers(linear, name);
    } else {
      pack_floats(linear, array(name, {outputs, inputs}));
    }
    linear.bias = array(prefix + ".bias", {outputs});
    return linear;
  }

  /// The mean is a softmax over zeros; without an evidence head, evidence is the tokens' share in the verdict.
  Linear head(std::size_t hidden, Pooling pooling) {
    const std::string evidence = "evidence.weight";
    AlignedFloats rows = array("classifier.weight", {1, hidden});
    const AlignedFloats own = rows;
    append(rows, pooling == Pooling::softmax ? array("pooling.weight", {1, hidden}) : AlignedFloats(hidden));
    append(rows, file_.find(evidence) ? array(evidence, {1, hidden}) : own);
    Linear head;
    head.inputs = hidden;
    head.outputs = head_outputs;
    head.bias = {array("classifier.bias", {1}).front(), 0.F, 0.F};
    pack_floats(head, rows);
    return head;
  }

  LayerNorm layer_norm(const std::string& prefix, std::size_t width) {
    return {array(prefix + ".weight", {width}), array(prefix + ".bias", {width})};
  }

  [[nodiscard]] std::size_t parameters() const noexcept { return parameters_; }

 private:
  void pack_integers(Linear& linear, const std::string& name) {
    auto matrix = read_integers(file_, name, {linear.outputs, linear.inputs});
    if (matrix.scale.size() != linear.outputs) {
      file_.fail(name + "_scale", "has several scales a row, which is for embeddings alone");
    }
    linear.scale = std::move(matrix.scale);
    linear.words = allocate<std::int32_t>(kernels::packed_words(kernels_, linear.inputs, linear.outputs));
    linear.sums = allocate<std::int32_t>(linear.outputs);
    kernels_.pack_int8(matrix.values.data(), linear.inputs, linear.outputs, linear.words.data(), linear.sums.data());
    parameters_ += matrix.values.size();
  }

  void pack_floats(Linear& linear, const AlignedFloats& matrix) {
    linear.packed = allocate<float>(kernels::packed_size(kernels_, linear.inputs, linear.outputs));
    kernels_.pack(matrix.data(), 1, linear.inputs, linear.inputs, linear.outputs, linear.packed.data());
  }

  const Safetensors& file_;
  const kernels::KernelTable& kernels_;
  std::size_t parameters_ = 0;
};

LayerWeights read_layer(Reader& reader, const Config& config, const std::string& prefix) {
  const auto hidden = config.hidden_size;
  const std::string attention = prefix + "attention.";
  LayerWeights layer;
  layer.query = reader.linear(attention + "self.query", hidden, hidden);
  layer.key = reader.linear(attention + "self.key", hidden, hidden);
  layer.value = reader.linear(attention + "self.value", hidden, hidden);
  layer.convolution =
      reader.array(attention + "self.conv.weight", {config.num_attention_heads, 1, config.conv_kernel_size, 1});
  layer.attention_output = reader.linear(attention + "output.dense", hidden, hidden);
  layer.attention_norm = reader.layer_norm(attention + "output.LayerNorm", hidden);
  layer.intermediate = reader.linear(prefix + "intermediate.dense", hidden, config.intermediate_size);
  layer.output = reader.linear(prefix + "output.dense", config.intermediate_size, hidden);
  layer.output_norm = reader.layer_norm(prefix + "output.LayerNorm", hidden);
  return layer;
}

}  // namespace

Weights read_weights(const Config& config, const Safetensors& file, const kernels::KernelTable& kernels) {
  Reader reader(file, kernels);
  const auto hidden = config.hidden_size;
  const std::string embeddings = "nystromformer.embeddings.";
  Weights weights;
  weights.kernels = &kernels;
  weights.word_embeddings = reader.embeddings(embeddings + "word_embeddings.weight", {config.vocab_size, hidden});
  weights.position_embeddings =
      reader.array(embeddings + "position_embeddings.weight", {config.position_rows(), hidden});
  weights.type_embeddings = reader.array(embeddings + "token_type_embeddings.weight", {config.type_vocab_size, hidden});
  weights.embedding_norm = reader.layer_norm(embeddings + "LayerNorm", hidden);
  for (std::size_t i = 0; i < config.num_hidden_layers; ++i) {
    weights.layers.push_back(read_layer(reader, config, "nystromformer.encoder.layer." + std::to_string(i) + "."));
  }
  weights.head = reader.head(hidden, config.pooling);
  weights.parameters = reader.parameters();
  return weights;
}

}  // namespace nystrom
