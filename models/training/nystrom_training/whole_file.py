"""Files that a kill leaves as they were or wholly new."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """What is written goes beside `path`, and in its place once all of it is there."""
    partial = path.with_suffix(".partial")
    with open(partial, "wb") as file:
        yield file
    os.replace(partial, path)
