#!/usr/bin/env python3
"""A corpus as one file of hexadecimal lines, an input each, and as the folder that libFuzzer works with.

corpus.py unpack FILE FOLDER | corpus.py pack FOLDER FILE
"""

import pathlib
import sys


def main() -> None:
    what, source, target = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    if what == "unpack":
        target.mkdir(parents=True, exist_ok=True)
        for number, line in enumerate(source.read_text("ascii").splitlines()):
            (target / f"kept-{number:05}").write_bytes(bytes.fromhex(line))
    else:
        inputs = sorted(path.read_bytes() for path in source.iterdir())
        target.write_text("".join(data.hex() + "\n" for data in inputs), "ascii")


main()
