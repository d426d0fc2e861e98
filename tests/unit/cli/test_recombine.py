import pytest
from pydantic import JsonValue
from tests.unit.cli.conftest import Command

from modelfoundry.catalog.models import find_model
from modelfoundry.cli.recombine import FEW_TRAINING
from modelfoundry.cli.recombine_here import Wanted
from modelfoundry.errors import InvalidInputError
from modelfoundry.settings import Home


def study(**training: JsonValue) -> Wanted:
    return Wanted("digits", ("cnn-small",), 3, dict(training), None, {})


def test_no_two_seeds_share_a_subset():
    assert study().subset_seeds(0) == (0, 1, 2)
    assert study().subset_seeds(1) == (3, 4, 5)


def test_networks_of_another_training_have_another_name():
    names = {study(epochs=epochs).estimator("cnn-small", 0).name for epochs in (1, 2, 2)}

    assert len(names) == 2


def test_an_unknown_setting_of_training_is_refused():
    with pytest.raises(InvalidInputError, match="there is no 'epoch' here"):
        study(epoch=3).estimator("cnn-small", 0)


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (("--set", "cyclez=1"), "settings.cyclez: there is no 'cyclez' here; known: residual"),
        (("--train", "epochs=0"), "epochs: 0 is too small; take 1 or more"),
        (("--architecture", "cnn-smal"), "no architecture named 'cnn-smal'"),
        (("--preset", "quick"), "no preset of gradsplitter named 'quick'; known: fast, published"),
    ],
    ids=lambda words: words[0],
)
def test_what_is_wrong_is_said_before_anything_is_trained(
    run: Command, wrong: tuple[str, str], complaint: str
):
    status, out, err = run("recombine", "--seeds", "1", *wrong)

    assert status == 2
    assert complaint in err
    assert "train" not in out


@pytest.mark.slow
def test_a_study_prints_the_best_single_network_beside_every_rule(run: Command, home: Home):
    status, out, _ = run(
        *("recombine", "--architecture", "cnn-small", "--seeds", "1", "--train", "epochs=1"),
        *("--set", "cycles=1", "--set", "joint_epochs=1", "--set", "first_head_epochs=1"),
    )

    assert status == 0
    header = next(line for line in out.splitlines() if line.startswith("seed"))
    assert header.split()[:6] == ["seed", "best", "single", "mean", "single", "published"]
    assert "mean of 1 seeds" in out
    name = study(**FEW_TRAINING | {"epochs": 1}).estimator("cnn-small", 0).name
    assert find_model(home, name).subset is not None
