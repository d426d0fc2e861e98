from pathlib import Path

import pytest
from tests.pools import add_pool, more_accurate_result
from tests.unit.cli.conftest import Command

from modelfoundry.cli.display import console
from modelfoundry.cli.reuse_display import show_reuse
from modelfoundry.pipelines.reuse.commands import reuse_command
from modelfoundry.pipelines.reuse_requests import NewTaskPlan, ScratchSettings, TaskOutput
from modelfoundry.services.reuse_result import AnyReuseResult
from modelfoundry.settings import Home


def printed(result: dict[str, object]) -> list[list[str]]:
    with console.capture() as capture:
        show_reuse(AnyReuseResult.model_validate(result).root)
    return [line.split() for line in capture.get().splitlines()]


def test_a_dry_run_shows_which_module_answers_for_what(run: Command, home: Home):
    add_pool(home)

    status, out, _ = run("reuse", "more-accurate", "--from", "toy", "--dry-run")

    assert status == 0
    assert "3@digits     toy-3-0a1b2c3d  toy    cnn-small" in out
    assert "Modules to choose from: 10." in out


def test_single_modules_can_be_named(run: Command, home: Home):
    first, second = add_pool(home, classes=("3", "5"))

    status, out, _ = run(
        *("reuse", "new-task", "--output", "3@digits", "--output", "5@digits", "--dry-run"),
        *("--module", first, "--module", second, "--scratch-epochs", "2"),
    )

    assert status == 0
    assert "New task: 3@digits, 5@digits" in out


def test_every_fault_is_a_line_of_its_own(run: Command):
    status, _, err = run(
        *("reuse", "patch", "--model", "none", "--class", "3"),
        *("--module", "nope", "--from", "gone"),
    )

    assert status == 2
    assert [line.split(": ")[1] for line in err.splitlines()] == [
        "pool.modules.0",
        "pool.models.0",
        "model",
    ]


def test_a_wrong_setting_is_named_before_anything_begins(run: Command):
    status, _, err = run(
        *("reuse", "every-pair", "--dataset", "digits", "--dataset", "svhn", "--module", "x"),
        *("--scratch-epochs", "0"),
    )

    assert (status, "scratch.epochs: 0 is too small; take 1 or more" in err) == (2, True)


def test_one_data_set_has_no_pairs_with_another(run: Command):
    status, _, err = run("reuse", "every-pair", "--dataset", "digits", "--module", "x")

    assert (status, "datasets.1: one more is needed here" in err) == (2, True)


def test_a_composed_module_names_a_command_that_gives_the_same_plan(run: Command, home: Home):
    first, second = add_pool(home, classes=("3", "5"))
    plan = NewTaskPlan(
        method="new-task",
        outputs=tuple(TaskOutput(class_name=name, dataset="digits") for name in "35"),
        pool=(first, second),
        rule="greedy",
        scratch=ScratchSettings(epochs=2),
    )
    _program, *words = reuse_command(plan).split()

    assert run(*words, "--dry-run")[0] == 0


def test_f1_is_shown_by_model_and_class_with_the_chosen_marked(home: Home):
    pool = add_pool(home, classes=("0", "1"))

    lines = printed(more_accurate_result(pool))

    assert ["model", "0", "1"] in lines
    assert ["toy", "75.0*", "-*"] in lines
    assert ["*", "calibrated", "68.75%", "50.00%"] in lines


def test_ten_classes_fit_into_a_narrow_terminal(home: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("modelfoundry.cli.display.console.width", 80)

    lines = printed(more_accurate_result(add_pool(home)))

    assert ["toy", "75.0*", "-*", *["75.0*"] * 8] in lines


def test_the_gain_over_the_best_single_model_is_said(home: Home):
    lines = printed(more_accurate_result(add_pool(home, classes=("0", "1"))))

    # 50 % composed against 43.75 %
    assert "toy: 43.75%. Composed: 50.00% (+6.25 points)" in " ".join(lines[-1])


def test_a_new_task_is_compared_with_the_network_from_scratch(home: Home):
    found = more_accurate_result(add_pool(home, classes=("0", "1")))
    scratch = {
        "architecture": "simcnn",
        "accuracy_validation": 0.5,
        "accuracy_test": 0.75,
        "epochs": 3,
        "wall_s": 4.2,
    }

    lines = printed(found | {"method": "new-task", "outputs": ["0", "1"], "scratch": scratch})

    # 50 % composed against 75 %
    assert "simcnn trained from scratch, 3 epochs in 4 s: 75.00%. Composed: 50.00% (-25.00" in (
        " ".join(" ".join(line) for line in lines)
    )


def test_a_second_module_of_a_model_for_a_class_has_a_line_of_its_own(home: Home):
    result = more_accurate_result(add_pool(home, classes=("0", "1")))
    again = result["pool"][0] | {"module": "another", "f1": 0.25}

    lines = printed(result | {"pool": [*result["pool"], again]})

    assert ["toy", "25.0"] in lines


@pytest.mark.parametrize(
    ("scratch", "words"),
    [
        ((None, None), "Mean of 2 pairs: 75.00% composed"),
        ((1.0, 0.5), "Mean of 2 pairs: 75.00% trained from scratch"),
    ],
    ids=["alone", "beside a baseline"],
)
def test_every_pair_is_a_matrix_with_its_mean_below(scratch: tuple[float, ...], words: str):
    pairs = [
        {
            "a": "cat",
            "b": name,
            "modules": ["toy-cat", f"toy-{name}"],
            "accuracy_test": share,
            "scratch_accuracy_test": trained,
        }
        for name, share, trained in zip("34", (1.0, 0.5), scratch, strict=True)
    ]
    datasets = ("cifar10", "svhn")

    lines = printed({"method": "every-pair", "datasets": datasets, "pool": [], "pairs": pairs})

    assert ["cat", "100.00%", "50.00%"] in lines
    assert " ".join(lines[-1]) == words


def test_a_patch_is_shown_before_and_after():
    before = {"precision": None, "recall": 0.0, "f1": None, "accuracy_others": 0.5}
    after = {"precision": 0.75, "recall": 0.75, "f1": 0.75, "accuracy_others": 0.5}
    found = {"method": "patch", "class": "3", "model": "toy", "pool": [], "module": "m"}

    lines = printed(found | {"chosen": "toy-3-0a1b2c3d", "before": before, "after": after})

    assert ["F1", "-", "75.00%"] in lines
    assert ["Accuracy", "of", "the", "other", "classes", "50.00%", "50.00%"] in lines


def test_nothing_is_copied_by_a_dry_run(run: Command, home: Home, tmp_path: Path):
    add_pool(home)
    out = tmp_path / "copy"

    run("reuse", "more-accurate", "--from", "toy", "--dry-run", "--out", str(out))

    assert not out.exists()
