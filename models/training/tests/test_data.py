"""Rows as they are cleaned, and the few that are written here."""

import numpy as np
import pytest
from nystrom_training import data, negations, orders
from nystrom_training.data import TREEBANK_SPACE, WRITTEN_GRADE, Rows


@pytest.mark.parametrize(
    "published, written",
    [
        ("it 's a film that does n't work , at all .", "it's a film that doesn't work, at all."),
        ("you ' d -- well ... see", "you ' d -- well... see"),
    ],
)
def test_a_phrase_is_put_back_as_people_write(published, written):
    assert TREEBANK_SPACE.sub("", published) == written


def test_written_grades_are_found():
    text = "A 7.5/10 from me, 3 out of 5 from her, 9 / 10 once; 24/7 and 10/12/2001 stay."
    assert WRITTEN_GRADE.findall(text) == ["7.5/10", "3 out of 5", "9 / 10"]


def test_a_negation_turns_the_label():
    labels = {row["text"]: row["label"] for row in negations.rows()}
    assert len(labels) == negations.COUNT and 2 * sum(labels.values()) == negations.COUNT
    assert labels["the book was hardly sluggish."] == 1 and labels["the keyboard is far from perfect."] == 0
    assert labels["i found the book really stirring."] == 1


def test_we_write_few_rows_ourselves():
    # The data's terms allow 500, and the weights that training goes on from have read 300.
    assert negations.COUNT + 2 * len(orders.ORDERS) + len(set(data.facts())) <= 200


def test_orders_ask_for_either_label_and_are_not_what_evaluation_appends():
    asked = orders.orders(4000, seed=1)
    assert len(set(asked)) == 2 * len(orders.ORDERS)
    assert 0.45 < np.mean(["positive" in order for order in asked]) < 0.55
    assert not any("ignore the above" in order.lower() for order in asked)


def test_balanced_rows_are_the_first_of_either_side():
    targets = np.array([0.1, 0.9, 0.5, 0.2, 0.7, 0.3], np.float32)
    balanced = Rows([np.array([i]) for i in range(6)], targets).balanced()
    assert [int(ids[0]) for ids in balanced.ids] == [0, 1, 2, 4]
    assert balanced.targets.tolist() == targets[[0, 1, 2, 4]].tolist()
