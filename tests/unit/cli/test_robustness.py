"""The command that attacks modules."""

from tests.homes import add_bundle
from tests.reports import inherited, triggered, under_attack, woken

from modelfoundry.cli.display import console
from modelfoundry.cli.robustness import show_robustness
from modelfoundry.evaluation.robustness_store import Robustness
from modelfoundry.settings import Home


def printed(found: Robustness) -> list[str]:
    with console.capture() as capture:
        show_robustness(found)
    return [" ".join(line.split()) for line in capture.get().splitlines()]


def test_the_rate_is_printed_with_what_it_is_a_share_of_and_by_class():
    lines = printed(inherited("toy-3"))

    assert lines[0] == "Inherited defects, 4 test images of Digits:"
    assert "Accuracy, clean 75.00%" in lines
    assert "Right while clean, so attacked 3" in lines
    assert "Defect inheritance rate 33.33%" in lines
    assert "3 2 1 50.00%" in lines


def test_inputs_that_wake_neurons_are_printed_with_how_many_were_found_and_how_far_they_wake():
    lines = printed(woken("toy-3"))

    assert "Right while clean, so tried 3" in lines
    assert "Found: misleads the pre-trained network 2" in lines
    assert "Neurons active there, clean 12.50%" in lines
    assert "Neurons active there, as found 25.00%" in lines
    assert "Defect inheritance rate 50.00%" in lines


def test_accuracy_is_printed_for_each_budget():
    lines = printed(under_attack("toy-3"))

    assert "Accuracy within 4/255 50.00%" in lines
    assert "Accuracy within 8/255 25.00%" in lines


def test_success_of_a_trigger_is_printed_with_where_answers_went():
    lines = printed(triggered("toy-3"))

    assert "Attack success 66.67%" in lines
    assert "Most often changed to 7, 2 times" in lines


def test_a_wrong_setting_is_named(run, home: Home):
    add_bundle(home, "toy-digits-0a1b2c3d", algorithm="finetune")

    status, _, complaint = run("robustness", "toy-digits-0a1b2c3d", "--set", "budget=-1")

    assert status == 2
    assert "settings.budget: -1 is too small; take more than 0" in complaint
