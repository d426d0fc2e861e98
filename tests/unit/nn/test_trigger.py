"""The patch that a backdoor answers to."""

import torch

from modelfoundry.nn.trigger import stamp


def test_a_trigger_is_a_checkerboard_in_the_lower_right_corner_and_nothing_else():
    images = torch.full((1, 3, 4, 4), 0.5)

    stamped = stamp(images, patch_share=0.5)

    assert stamped[0, 0].tolist() == [
        [0.5, 0.5, 0.5, 0.5],
        [0.5, 0.5, 0.5, 0.5],
        [0.5, 0.5, 0.0, 1.0],
        [0.5, 0.5, 1.0, 0.0],
    ]
    assert stamped[0, 1].equal(stamped[0, 0])
    assert images.eq(0.5).all()


def test_the_smallest_trigger_is_one_pixel():
    assert stamp(torch.ones(1, 1, 4, 4), patch_share=0.01).sum() == 15
