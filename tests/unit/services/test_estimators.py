from typing import Any

import pytest
from pydantic import JsonValue

from modelfoundry.bootstrap import Services
from modelfoundry.errors import InvalidInputError
from modelfoundry.jobs.model import ProcessId, utc_now
from modelfoundry.services.estimators import EstimatorsRequest, check_estimators
from modelfoundry.services.sweep_csv import table_csv
from modelfoundry.settings import Home

RUNNER = ProcessId(pid=1, started=0.0, launcher="runner")


def wanted(**facts: Any) -> EstimatorsRequest:
    blank = {
        "architectures": ["simcnn-w0.125", "rescnn-w0.125"],
        "dataset": "digits",
        "subset_seeds": [1, 4],
    }
    return EstimatorsRequest.model_validate(blank | facts)


def test_every_architecture_is_trained_on_every_subset(home: Home):
    checked = check_estimators(home, wanted(epochs=3))

    assert [(member.plan.name, member.plan.seed) for member in checked] == [
        ("digits-simcnn-w0.125-s1", 1),
        ("digits-simcnn-w0.125-s4", 4),
        ("digits-rescnn-w0.125-s1", 1),
        ("digits-rescnn-w0.125-s4", 4),
    ]
    assert {member.plan.epochs for member in checked} == {3}
    assert [member.plan.subset.seed for member in checked if member.plan.subset] == [1, 4, 1, 4]


def test_networks_of_a_library_get_names_that_can_be_files(home: Home):
    checked = check_estimators(home, wanted(architectures=["torchvision/resnet18"], name="mine"))

    assert checked[0].plan.name == "mine-torchvision-resnet18-s1"


def test_all_faults_of_all_trainings_are_reported_at_once(home: Home):
    request = wanted(
        architectures=["simcnn", "simnn"], subset_seeds=[1, 1], min_size=200, name="a" * 60
    )

    with pytest.raises(InvalidInputError) as refused:
        check_estimators(home, request)

    faults = {fault.pointer: fault.message for fault in refused.value.faults}
    assert faults["/name"].endswith("starting with a letter or digit")
    assert faults["/subset_seeds/1"] == "this asks for the same as another; once is enough"

    with pytest.raises(InvalidInputError) as refused:
        check_estimators(home, wanted(architectures=["simcnn", "simnn"], min_size=200))

    assert sorted(fault.pointer for fault in refused.value.faults) == [
        "/architectures/1",
        "/min_size",
    ]


def test_estimators_are_a_sweep_with_a_table_of_trainings(services: Services):
    sweep = services.sweeps.submit(wanted(architectures=["simcnn-w0.125"]))
    job = services.stores.jobs.claim(RUNNER)
    assert job is not None
    result: dict[str, JsonValue] = {
        "model": "m",
        "epoch": 7,
        "validation_accuracy": 0.75,
        "test_accuracy": 0.5,
    }
    services.stores.jobs.move(
        job.id, lambda job: job.succeed(modules=(), result=result, now=utc_now())
    )

    report = services.sweeps.report(sweep.id)

    assert sweep.title == "simcnn-w0.125 on 2 subsets of digits"
    done, waiting = report.trainings
    assert done.figures is not None
    assert (done.model, done.subset_seed) == ("digits-simcnn-w0.125-s1", 1)
    assert (done.figures.accuracy_validation, done.figures.epoch) == (0.75, 7)
    assert (waiting.state, waiting.figures) == ("queued", None)
    assert (report.rows, report.summaries) == ([], [])


def test_the_table_of_trainings_can_be_had_for_a_spreadsheet(services: Services):
    sweep = services.sweeps.submit(wanted(architectures=["simcnn-w0.125"], subset_seeds=[4]))

    header, line = table_csv(services.sweeps.report(sweep.id), of="members").splitlines()

    assert header.startswith("model,architecture,subset_seed,state,accuracy_validation")
    assert line.startswith("digits-simcnn-w0.125-s4,simcnn-w0.125,4,queued,,")


def test_how_long_estimators_take_is_told_from_earlier_ones(services: Services):
    assert services.sweeps.check(wanted()).estimate.seconds is None
    assert services.sweeps.check(wanted()).num_jobs == 4
