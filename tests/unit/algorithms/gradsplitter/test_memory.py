import torch

from modelfoundry.algorithms.gradsplitter.memory import modules_at_once


def fitting(free: int) -> int:
    # A module takes 1,000 values x 10 images x 2 bytes: 20 kB. Half of what is free is used.
    return modules_at_once(
        100, values_per_image=1000, batch_size=10, dtype=torch.bfloat16, free=free
    )


def test_as_many_modules_are_computed_at_once_as_fit_in_half_the_memory():
    assert fitting(400_000) == 10


def test_no_more_modules_are_computed_than_there_are():
    assert fitting(10**12) == 100


def test_one_module_is_tried_however_little_memory_there_is():
    assert fitting(1) == 1
