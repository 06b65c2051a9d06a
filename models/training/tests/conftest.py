"""The float64 twin of the tests' fixtures is a module here too."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3] / "tests" / "fixtures"))
