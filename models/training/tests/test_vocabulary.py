import pytest
from nystrom_training import minilm, vocabulary

TEXTS = ["The film was filmed in a filmy light.", "filmmakers unbelievably 電影 naïve filmmakers", "zzgl ¶"]


@pytest.fixture(scope="module")
def reduced():
    tokenizer = minilm.tokenizer()
    return tokenizer, *vocabulary.reduce(tokenizer, vocabulary.count(tokenizer, TEXTS), 2100)


def test_counts_are_occurrences():
    tokenizer = minilm.tokenizer()
    counts = vocabulary.count(tokenizer, ["good good film", "good"])
    assert counts[tokenizer.token_to_id("good")] == 3 and counts.total() == 4


def test_frequent_entries_keep_their_text_and_order(reduced):
    old, new, kept = reduced
    assert [new.id_to_token(i) for i in range(2100)] == [old.id_to_token(i) for i in kept]
    for text in TEXTS:
        assert new.encode(text).tokens == old.encode(text).tokens


def test_no_word_becomes_unknown(reduced):
    old, new, _ = reduced
    words = [token for token in old.get_vocab() if not token.startswith(("##", "[unused"))]
    assert len(words) > 20000
    for before, after in zip(old.encode_batch_fast(words), new.encode_batch_fast(words), strict=True):
        assert ("[UNK]" in before.tokens) == ("[UNK]" in after.tokens)


def test_too_small_a_vocabulary_is_refused(reduced):
    with pytest.raises(ValueError, match="at least"):
        vocabulary.reduce(reduced[0], vocabulary.count(reduced[0], TEXTS), 100)
