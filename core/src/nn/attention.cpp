#include "nn/attention.hpp"

namespace nystrom {

using kernels::Store;

void attention_weights(const Pass& pass, const float* queries, std::size_t rows, const float* packed_keys,
                       std::size_t columns, float* out) {
  pass.kernels.matmul({.a = queries,
                       .a_stride = pass.config.hidden_size,
                       .packed = packed_keys,
                       .c = out,
                       .c_stride = columns,
                       .rows = rows,
                       .columns = columns,
                       .inner = pass.config.head_size()},
                      Store::set);
  pass.kernels.softmax(out, columns, rows, columns, pass.scale());
}

void add_to_context(const Pass& pass, std::size_t layer, std::size_t head, std::size_t first_token,
                    const kernels::MatMul& product) {
  if (HeadTrace* trace = pass.trace(layer, head)) {
    kernels::MatMul alone = product;
    alone.c = pass.work.queries + head * pass.config.head_size();  // this head needs its queries no more
    pass.kernels.matmul(alone, Store::set);
    trace->local_share(alone.c, alone.c_stride, product.c, product.c_stride, first_token, product.rows);
  }
  pass.kernels.matmul(product, Store::accumulate);
}

}  // namespace nystrom
