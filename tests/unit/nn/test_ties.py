"""Labels that stand for the same channel."""

import torch

from modelfoundry.nn.ties import PINNED, Ties


def test_labels_are_equal_through_others_in_whatever_order_they_were_tied():
    ties = Ties()
    a, b, c, d, lone = ties.fresh(5).unbind()

    ties.equate(c, d)
    ties.equate(a, b)
    ties.equate(b, d)

    solved = ties.solve()
    assert solved[torch.stack([a, b, c, d])].tolist() == [int(a)] * 4
    assert solved[lone] == lone


def test_a_long_chain_is_one_class():
    ties = Ties()
    labels = ties.fresh(1000)
    ties.equate(labels[1:], labels[:-1])

    assert ties.solve()[labels].unique().tolist() == [int(labels[0])]


def test_what_is_tied_to_a_pinned_label_is_pinned():
    ties = Ties()
    pinned, tied, free = ties.fresh(3).unbind()

    ties.equate(tied, pinned)
    ties.pin(pinned)

    assert ties.solve()[torch.stack([tied, free])].tolist() == [PINNED, int(free)]


def test_labels_are_tied_place_by_place_after_broadcasting():
    ties = Ties()
    row, column = ties.fresh(2), ties.fresh(1)

    ties.equate(row.view(1, 2).expand(3, 2), torch.stack([column, column, row[:1]]))

    assert ties.solve()[torch.cat([row, column])].tolist() == [int(row[0])] * 3
