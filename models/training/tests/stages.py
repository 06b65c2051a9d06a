"""What a stage before the training on labels must do: learn, and hand its encoder on."""

import torch
from nystrom_training.model import Batch, Classifier, Encoder
from nystrom_training.stream import Stream
from nystrom_training.train import Model, Settings, Training, put, with_encoder_of
from test_training import SHAPE


def untrained_encoder() -> Encoder:
    torch.manual_seed(4)
    encoder = Classifier(SHAPE).nystromformer
    for table in (encoder.embeddings.word_embeddings, encoder.embeddings.position_embeddings):
        torch.nn.init.normal_(table.weight, std=0.1)
    return encoder


def trained(network: Model, stream: Stream, folder, tokens: int) -> Training:
    settings = Settings(
        budget=tokens, top_rate=3e-3, head_rate=3e-3, layer_decay=1, threads=1, average=0.98, dropout=0.0
    )
    training = Training(network, [stream], folder, settings)
    training.run()
    return training


def hands_its_encoder_on(training: Training, batch: Batch) -> bool:
    heir = with_encoder_of(training.folder, Classifier(SHAPE))
    put(training.average, training.model)
    with torch.inference_mode():
        return torch.equal(heir.nystromformer(batch), training.model.nystromformer(batch))
