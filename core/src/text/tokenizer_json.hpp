#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/added_tokens.hpp"
#include "text/bert_normalizer.hpp"
#include "text/word_piece.hpp"

namespace nystrom {

/// What a tokenizer.json says, checked.
struct TokenizerConfig {
  NormalizerOptions normalizer;
  std::vector<std::string> entries;  ///< by id: the model's vocabulary, then added tokens that it lacks
  std::size_t model_size = 0;        ///< how many of the entries are the model's
  WordPieceOptions word_piece;
  std::vector<AddedToken> added_tokens;
  std::int32_t first_id = 0;  ///< the special token before the text, [CLS]
  std::int32_t last_id = 0;   ///< the one behind it, [SEP]
};

/// Throws Error{model_invalid} naming `file_name`, the field and what is expected there.
TokenizerConfig parse_tokenizer_json(std::string_view json, std::string_view file_name);

}  // namespace nystrom
