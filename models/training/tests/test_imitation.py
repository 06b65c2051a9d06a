"""What a teacher sees reaches the right tokens, and the encoder learns to see it."""

import numpy as np
import torch
from nystrom_training import imitation
from nystrom_training.imitation import NO_WORD, Imitation, ImitationStream
from nystrom_training.model import Batch, Classifier, Encoder, Shape
from nystrom_training.train import Training, put, with_encoder_of
from small import SHAPE
from stages import trained
from tokenizers import Tokenizer, processors
from tokenizers.models import WordPiece
from tokenizers.pre_tokenizers import WhitespaceSplit

WORDS = [f"w{i}" for i in range(300)]
HIDDEN = 200


def tokenizer(*pieces: str) -> Tokenizer:
    entries = {piece: i for i, piece in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *pieces])}
    result = Tokenizer(WordPiece(entries, unk_token="[UNK]"))
    result.pre_tokenizer = WhitespaceSplit()
    result.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return result


WHOLE = tokenizer(*WORDS)
CUT = tokenizer("w", *(f"##{i}" for i in range(10)))  # w12 is w ##1 ##2
RNG = np.random.default_rng(1)
# A word's vector goes by its last digit: pieces before that must look at what follows.
TABLE = RNG.standard_normal((10, HIDDEN))[(np.arange(len(WORDS) + 4) - 4) % 10]
TABLE = (TABLE + 1e-3 * RNG.standard_normal(TABLE.shape)).astype(np.float32)


class Table:
    """Has a vector for each word, whatever is around it."""

    shape = Shape()

    def states(self, batch: Batch) -> np.ndarray:
        return TABLE[batch.ids.numpy()]


def texts() -> list[str]:
    rng = np.random.default_rng(2)
    return [" ".join(rng.choice(WORDS, rng.integers(5, 30))) for _ in range(300)]


def states_in(folder) -> imitation.TeacherStates:
    for _ in imitation.write(Table(), WHOLE, CUT, texts(), folder, "texts"):
        pass
    return imitation.load(folder)


def test_every_piece_of_a_word_has_the_words_state(tmp_path):
    made = states_in(tmp_path)
    basis = imitation.Basis(**np.load(tmp_path / "basis.npz"))
    for text, ids, words in zip(texts(), made.rows.ids, made.words, strict=True):
        encoding = CUT.encode(text)
        assert ids.tolist() == encoding.ids and words[0] == words[-1] == NO_WORD
        for word, own in zip(encoding.word_ids[1:-1], words[1:-1], strict=True):
            expected = basis.rounded(TABLE[WHOLE.token_to_id(text.split()[word])])
            assert (made.states[own] == expected).all()


def test_what_the_teacher_did_not_read_has_no_target(tmp_path, monkeypatch):
    monkeypatch.setattr(imitation, "MAX_TOKENS", 8)
    made = states_in(tmp_path)
    for text, words in zip(texts(), made.words, strict=True):
        read = [word is not None and word < 6 for word in CUT.encode(text).word_ids]
        assert ((words != NO_WORD) == read).all()


def test_a_broken_off_run_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(imitation, "CHUNK", 100)
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    for _ in imitation.write(Table(), WHOLE, CUT, texts(), whole, "texts"):
        pass
    for _ in imitation.write(Table(), WHOLE, CUT, texts()[:130], parts, "texts"):
        pass
    for _ in imitation.write(Table(), WHOLE, CUT, texts(), parts, "texts"):
        pass
    a, b = imitation.load(whole), imitation.load(parts)
    assert len(a.rows) == 300 and (a.states == b.states).all() and (a.weights == b.weights).all()


def test_texts_of_another_kind_are_added(tmp_path):
    for kind in ("longer", "shorter"):
        for _ in imitation.write(Table(), WHOLE, CUT, texts(), tmp_path, kind):
            pass
    made = imitation.load(tmp_path)
    assert len(made.rows) == 600 and all((made.rows.ids[i] == made.rows.ids[i + 300]).all() for i in range(300))
    assert (made.states[made.words[0][1]] == made.states[made.words[300][1]]).all()
    assert made.words[300][1] == made.words[299].max() + 1


def test_directions_weigh_by_their_deviation(tmp_path):
    made = states_in(tmp_path)
    deviations = (made.states * made.weights).std(0)
    assert np.isclose((deviations**2).sum(), 1, atol=0.05)
    scales = np.load(tmp_path / "basis.npz")["scales"]
    assert np.allclose(deviations / np.sqrt(scales), deviations[0] / np.sqrt(scales[0]), rtol=0.05)


def untrained_encoder() -> Encoder:
    torch.manual_seed(4)
    encoder = Classifier(SHAPE).nystromformer
    for table in (encoder.embeddings.word_embeddings, encoder.embeddings.position_embeddings):
        torch.nn.init.normal_(table.weight, std=0.1)
    return encoder


def hands_its_encoder_on(training: Training, batch: Batch) -> bool:
    heir = with_encoder_of(training.folder, Classifier(SHAPE))
    put(training.average, training.model)
    with torch.inference_mode():
        return torch.equal(heir.nystromformer(batch), training.model.nystromformer(batch))


def test_it_learns_and_hands_its_encoder_on(tmp_path):
    network = Imitation(untrained_encoder())
    states = states_in(tmp_path / "states")
    batch = ImitationStream(states, 2000, 2).next(np.random.default_rng(3), SHAPE, 0.0)
    with torch.no_grad():
        before = network.loss(batch)
    training = trained(network, ImitationStream(states, 600, 1), tmp_path / "run", 200000)
    with torch.no_grad():
        assert network.loss(batch) < 0.6 * before
    assert hands_its_encoder_on(training, batch)
