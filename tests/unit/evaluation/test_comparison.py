from typing import Any

import pytest
from tests.homes import manifest

from modelfoundry.errors import InvalidInputError
from modelfoundry.evaluation.comparison import compare


def module(module_id: str, *, recover: str, latency_ms: float, original_ms: float) -> Any:
    made = manifest(module_id)
    made["search"] |= {"granularity": "channel", "recover": recover}
    made["measures"] = {
        "original": made["measures"]["original"] | {"latency_ms": {"1": original_ms}},
        "module": made["measures"]["module"] | {"latency_ms": {"1": latency_ms}},
    }
    return made


FIRST = module("first", recover="none", latency_ms=0.5, original_ms=1.0)
SECOND = module("second", recover="full", latency_ms=0.5, original_ms=2.0)


def line(label: str, *manifests: Any) -> list[str]:
    return next(cells for first, *cells in compare(manifests).lines if first == label)


def test_the_original_comes_first_then_the_modules_in_order():
    assert compare([SECOND, FIRST]).columns == ("original", "second", "first")


def test_it_is_always_said_what_was_trained_afterwards():
    assert line("Recovered by training", FIRST, SECOND) == ["-", "none", "full"]


def test_it_is_said_whether_recovery_learned_from_the_original():
    taught = SECOND | {"recipe": {"settings": {"distillation": 0.5}}}
    not_taught = SECOND | {"recipe": {"settings": {"distillation": 0}}}

    assert line("Recovered by training", FIRST, taught, not_taught) == [
        "-",
        "none",
        "full, with original's answers",
        "full",
    ]


def test_each_module_is_as_fast_as_the_original_that_was_timed_beside_it_says():
    # 1.0 / 0.5 = 2 beside the first, 2.0 / 0.5 = 4 beside the second.
    assert line("  times as fast", FIRST, SECOND) == ["1.00", "2.00", "4.00"]


def test_what_a_mask_keeps_and_what_the_file_holds_are_two_lines():
    assert line("Weights kept by the mask", FIRST) == ["100.0%", "20.0%"]
    assert line("Parameters in the file", FIRST) == ["100", "100"]


def test_every_line_has_a_cell_for_each_column():
    table = compare([FIRST, SECOND])

    assert {len(cells) for cells in table.lines} == {1 + len(table.columns)}


def test_kernels_are_counted_where_whole_ones_were_cut_out():
    of_kernels = module("third", recover="none", latency_ms=0.5, original_ms=1.0)
    of_kernels["measures"]["module"]["kernels_kept"] = 1200

    assert line("Kernels of convolutions", FIRST, of_kernels) == ["-", "-", "1,200"]


def test_each_of_several_originals_has_a_column_of_its_own():
    elsewhere = module("third", recover="none", latency_ms=1.0, original_ms=3.0)
    elsewhere["model"] |= {"name": "other"}

    assert compare([FIRST, elsewhere]).columns == (
        "original toy",
        "original other",
        "first",
        "third",
    )
    assert line("  times as fast", FIRST, elsewhere) == ["1.00", "1.00", "2.00", "3.00"]


def test_figures_of_different_problems_are_not_put_beside_each_other():
    elsewhere = module("third", recover="none", latency_ms=1.0, original_ms=3.0)
    elsewhere["target"] |= {"classes": ["5"]}

    with pytest.raises(InvalidInputError, match=r"different problems \(3 of digits; 5 of digits\)"):
        compare([FIRST, elsewhere])
