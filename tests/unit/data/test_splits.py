import numpy as np

from modelfoundry.data.images import ImageSet
from modelfoundry.data.splits import draw_images, stratified_split


def test_parts_together_are_every_image_once():
    labels = np.array([0, 1, 2, 0, 1, 2, 0, 1, 2, 0])
    rest, held_out = stratified_split(labels, 0.4, seed=0)
    assert sorted([*rest, *held_out]) == list(range(10))


def test_every_class_gives_its_rounded_share():
    labels = np.repeat([0, 1], [10, 20])
    _, held_out = stratified_split(labels, 0.3, seed=0)
    assert np.bincount(labels[held_out]).tolist() == [3, 6]  # 0.3 * 10, 0.3 * 20


def test_class_of_two_images_gives_one_however_small_the_share():
    _, held_out = stratified_split(np.array([0, 0]), 0.01, seed=0)
    assert len(held_out) == 1


def test_only_image_of_a_class_is_never_held_out():
    labels = np.array([0, 1, 1, 1, 1])
    rest, _ = stratified_split(labels, 0.9, seed=0)
    assert 0 in rest


def test_same_seed_gives_same_split():
    labels = np.repeat([0, 1], 50)
    first, second = (stratified_split(labels, 0.5, seed=3)[1] for _ in range(2))
    assert first.tolist() == second.tolist()


def test_other_seed_gives_other_split():
    labels = np.repeat([0, 1], 50)
    first, second = (stratified_split(labels, 0.5, seed=seed)[1] for seed in (0, 1))
    assert first.tolist() != second.tolist()


def test_a_larger_draw_adds_to_a_smaller_one_and_keeps_the_order():
    pixels = np.arange(20, dtype=np.uint8).reshape(20, 1, 1, 1)
    images = ImageSet(pixels, np.arange(20, dtype=np.int64))

    few, more = (draw_images(images, count, seed=3).labels.tolist() for count in (5, 9))

    assert (len(few), len(more)) == (5, 9)
    assert set(few) < set(more)
    assert more == sorted(more)
    assert draw_images(images, None, seed=3) is images
