import numpy as np
import pytest
from nystrom_training import calibration


@pytest.fixture
def overconfident():
    """Logits three times as large as the odds that labels were drawn with."""
    rng = np.random.default_rng(1)
    true = rng.normal(0, 2, 20_000)
    return 3 * true, rng.random(20_000) < 1 / (1 + np.exp(-true))


def test_the_temperature_undoes_overconfidence(overconfident):
    assert calibration.temperature(*overconfident) == pytest.approx(3, abs=0.1)


def test_cross_fitted_logits_are_calibrated(overconfident):
    logits, positive = overconfident
    assert calibration.error(logits, positive) > 0.08
    assert calibration.error(calibration.cross_fitted(logits, positive, seed=1), positive) < 0.015


def test_the_error_is_the_mean_distance_of_scores_and_labels():
    logits = np.repeat([-30.0, 30.0], 15 * 4)
    positive = logits > 0
    assert calibration.error(logits, positive) == pytest.approx(0, abs=1e-9)
    positive[:30] = True
    assert calibration.error(logits, positive) == pytest.approx(0.25, abs=1e-9)
