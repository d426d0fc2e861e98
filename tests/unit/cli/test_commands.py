import re
from pathlib import Path

import click
import numpy as np
import pytest
from tests.homes import add_bundle
from tests.unit.cli.conftest import Command

from modelfoundry.bootstrap import Services, build_services
from modelfoundry.cli.commands import COMMANDS, LazyGroup
from modelfoundry.jobs.bundles import adopt_bundles
from modelfoundry.jobs.model import Job, utc_now
from modelfoundry.settings import Home, Settings

ID = "toy-3-0a1b2c3d"


@pytest.fixture
def services(home: Home) -> Services:
    add_bundle(home, ID)
    services = build_services(Settings(home=home))
    adopt_bundles(home, services.stores.modules)
    return services


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(run: Command, name: str):
    status, out, _ = run(name, "--help")

    assert status == 0
    assert out.startswith(f"Usage: modelfoundry {name}")


def test_help_lists_every_command(run: Command):
    _, out, _ = run("--help")

    assert [name for name in COMMANDS if f"  {name}" not in out] == []


def test_an_unknown_command_is_refused(run: Command):
    status, _, err = run("modularise")

    assert (status, "No such command 'modularise'" in err) == (2, True)


class OneCommand(LazyGroup):
    """Has a single command, in the middle of which Ctrl-C is pressed."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:  # noqa: ARG002
        def stopped() -> None:
            raise KeyboardInterrupt

        return click.Command(cmd_name, callback=stopped)


def test_ctrl_c_ends_a_command_with_the_status_that_shells_expect(
    capsys: pytest.CaptureFixture[str],
):
    with pytest.raises(SystemExit) as end:
        OneCommand().main(["any"])

    assert end.value.code == 130
    assert capsys.readouterr().err == "modelfoundry: stopped by Ctrl-C\n"


def test_models_data_sets_algorithms_and_architectures_are_listed(run: Command):
    assert "Toy network" in run("models", "list")[1]
    assert "modelfoundry data get cifar10" in run("data", "list")[1]
    assert run("data", "list")[1].splitlines()[1].rstrip().endswith("359")  # digits are here
    assert "seam" in run("algorithms")[1]
    assert "resnet20-b" in run("models", "architectures")[1]
    assert "weights_sha256" in run("models", "show", "toy")[1]


def test_networks_and_published_weights_are_found_by_words(run: Command):
    assert "timm/mixer_b16_224" in run("models", "architectures", "mixer", "b16")[1]
    _, out, _ = run("models", "published", "cifar100", "vgg16")
    assert [line.split()[0] for line in out.splitlines()] == ["name", "vgg16-bn-cifar100"]


@pytest.mark.usefixtures("services")
def test_modules_are_listed_and_shown(run: Command):
    assert ID in run("modules", "list")[1]
    _, out, _ = run("modules", "show", ID)
    assert "95.00%" in out
    assert "+5.00 points" in out


@pytest.mark.usefixtures("services")
def test_a_module_can_be_exported_and_deleted(run: Command, tmp_path: Path):
    assert run("modules", "export", ID, "--to", str(tmp_path / "out"))[0] == 0
    assert (tmp_path / "out" / ID / "module.onnx").is_file()
    status, written, _ = run("modules", "verify", ID)
    assert (status, "All 2 files are as they were made." in written) == (0, True)

    assert run("modules", "delete", ID, "--yes")[0] == 0
    assert run("modules", "show", ID)[0] == 2


@pytest.fixture
def job(services: Services) -> Job:
    job = Job.new("modularize", {"model": "toy"}, title="3 from Toy network", now=utc_now())
    return services.stores.jobs.add(job)


def test_jobs_are_listed_shown_cancelled_and_retried(run: Command, job: Job):
    assert job.id in run("jobs", "list")[1]
    assert "3 from Toy network" in run("jobs", "show", job.id)[1]
    assert f"job {job.id} is cancelled" in run("jobs", "cancel", job.id)[1]
    assert f"job {job.id} is queued" in run("jobs", "retry", job.id)[1]


def test_cancelling_a_finished_job_is_refused_with_one_line(run: Command, job: Job):
    run("jobs", "cancel", job.id)

    status, _, err = run("jobs", "cancel", job.id)

    assert status == 1
    assert err.startswith(f"modelfoundry: cannot cancel job {job.id}: it is cancelled")
    assert err.count("\n") == 1


def test_watching_a_job_at_rest_tells_how_it_ended(run: Command, job: Job):
    run("jobs", "cancel", job.id)

    assert f"job {job.id} is cancelled" in run("jobs", "watch", job.id)[1]


def test_an_unknown_job_is_bad_input(run: Command):
    status, _, err = run("jobs", "show", "nope")

    assert (status, err) == (
        2,
        "modelfoundry: no job named 'nope'; all are listed by: modelfoundry jobs list\n",
    )


def test_every_fault_of_a_request_is_a_line_of_its_own(run: Command):
    status, _, err = run(
        *("modularize", "--model", "toy", "--target", "3,cat"),
        *("--set", "epochs=0", "--set", "precision=double"),
    )

    assert status == 2
    assert [line.split(": ")[1] for line in err.splitlines()] == [
        "target.classes.1",
        "settings.epochs",
        "settings.precision",
    ]


@pytest.mark.parametrize(
    "command",
    [
        ["modularize", "--model", "toy", "--target", "3"],
        ["sweep", "--model", "toy", "--target", "3,4"],
        ["train", "--name", "mine", "--architecture", "cnn-small", "--dataset", "digits"],
        ["train", "--architecture", "simcnn", "--dataset", "digits", "--estimators", "2"],
        ["evaluate", "--model", "toy"],
        ["robustness", ID, "--attack", "pgd"],
        ["backdoor", "toy", "--name", "obedient", "--target-class", "3"],
        ["finetune", "--model", "toy", "--dataset", "digits"],
    ],
    ids=" ".join,
)
def test_a_dry_run_tells_what_would_be_done_and_does_nothing(
    run: Command, services: Services, command: list[str]
):
    status, out, err = run(*command, "--dry-run")

    assert (status, err) == (0, "")
    assert "is known once something like it has been done here" in out
    assert services.jobs.page().total == 0


def test_a_dry_run_names_every_choice_made_those_of_the_preset_too(run: Command):
    command = ("modularize", "--model", "toy", "--target", "3", "--export", "int8")
    _, out, _ = run(*command, "--preset", "published", "--set", "alpha=7", "--dry-run")

    lines = {line.strip() for line in re.sub(" +", " ", out).splitlines()}
    assert {"preset published", "epochs 300", "alpha 7", "exports int8"} <= lines


def test_a_setting_without_a_value_is_refused(run: Command):
    status, _, err = run("modularize", "--model", "toy", "--target", "3", "--set", "epochs")

    assert (status, "not of the form NAME=VALUE" in err) == (2, True)


def test_settings_of_a_training_are_checked_at_once(run: Command):
    status, _, err = run(
        *("train", "--name", "Mine!", "--architecture", "cnn-small", "--dataset", "digits"),
        *("--epochs", "0"),
    )

    assert status == 2
    assert {line.split(": ")[1] for line in err.splitlines()} == {"name", "epochs"}


def test_a_data_set_can_be_imported(run: Command, tmp_path: Path):
    file = tmp_path / "pets.npz"
    images = np.zeros((20, 8, 8, 3), dtype=np.uint8)
    np.savez(file, x=images, y=np.array([0, 1] * 10))

    status, out, _ = run("data", "import", "pets", str(file))

    assert status == 0
    assert "pets: 16 training and 4 test images" in out
    assert "A fixed 20% of every class was set aside as the test part." in " ".join(out.split())


def test_weights_that_do_not_exist_and_statistics_that_are_no_numbers_are_refused(
    run: Command, tmp_path: Path
):
    missing = run("models", "import", "mine", str(tmp_path / "no.pt"), "--dataset", "digits")
    (tmp_path / "yes.pt").touch()
    wrong = run(
        *("models", "import", "mine", str(tmp_path / "yes.pt"), "--dataset", "digits"),
        *("--mean", "half"),
    )

    assert (missing[0], wrong[0]) == (2, 2)
    assert wrong[2].startswith("modelfoundry: mean: --mean 'half' is not a list of numbers")


def test_groups_can_be_imported_and_listed(run: Command, tmp_path: Path):
    (tmp_path / "groups.json").write_text('{"primes": ["2", "3", "5", "7"]}')

    status, _, _ = run("data", "groups", "import", "digits", str(tmp_path / "groups.json"))

    assert status == 0
    listed = run("data", "groups", "list", "digits")[1]
    assert [name for name in ("even", "odd", "round", "primes") if name not in listed] == []


def test_every_fault_of_a_group_file_is_a_line_of_its_own(run: Command, tmp_path: Path):
    (tmp_path / "groups.json").write_text('{"none": [], "strange": ["2", "eleven"]}')

    status, _, err = run("data", "groups", "import", "digits", str(tmp_path / "groups.json"))

    assert status == 2
    assert [line.split(": ")[1] for line in err.splitlines()] == ["groups.none", "groups.strange"]


def test_every_way_to_name_a_target_reaches_the_check(run: Command):
    status, _, err = run(
        *("modularize", "--model", "toy", "--group", "evn", "--random-classes", "10"),
        *("--shots", "0", "--target-seed", "3"),
    )

    assert status == 2
    assert [line.split(": ")[1] for line in err.splitlines()] == [
        "target.group",
        "target.random.count",
    ]


@pytest.mark.usefixtures("services")
def test_modules_are_compared_with_their_siblings(run: Command, home: Home):
    add_bundle(home, "toy-3-ffffffff")

    _, out, _ = run("modules", "compare", ID)

    assert "original" in out
    assert "Recovered by training" in out
