"""Runs that are short enough for a test."""

from nystrom_training.stream import Stream
from nystrom_training.train import Model, Settings, Training


def trained(network: Model, stream: Stream, folder, tokens: int) -> Training:
    settings = Settings(
        budget=tokens, top_rate=3e-3, head_rate=3e-3, layer_decay=1, threads=1, average=0.98, dropout=0.0
    )
    training = Training(network, [stream], folder, settings)
    training.run()
    return training
