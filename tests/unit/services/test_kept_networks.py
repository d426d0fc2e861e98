"""Kept networks go when no module is compared with them any more, and never sooner."""

import os
from pathlib import Path

import pytest
from tests.homes import add_bundle, add_model

from modelfoundry.bootstrap import Services
from modelfoundry.cards import ModelCard
from modelfoundry.errors import WrongStateError
from modelfoundry.export.networks import keep_network, network_key
from modelfoundry.jobs.model import Job, utc_now
from modelfoundry.jobs.processes import this_process
from modelfoundry.settings import Home

LONG_AGO = (1_000_000_000, 1_000_000_000)


@pytest.fixture
def wide(home: Home) -> ModelCard:
    return add_model(home, "wide", title="Wide network", weights_sha256="1" * 64)


def keep(home: Home, card: ModelCard, *, is_old: bool = True) -> Path:
    folder = keep_network(home, card, b"x" * 100).parent
    if is_old:
        os.utime(folder, LONG_AGO)
    return folder


def begin_job(services: Services, model: str) -> None:
    job = Job.new("modularize", {"model": model}, title="", now=utc_now())
    services.stores.jobs.add(job)


def test_a_network_that_no_module_names_is_listed_and_freed(
    services: Services, home: Home, wide: ModelCard
):
    folder = keep(home, wide)
    (networks,) = [f for f in services.system.describe().folders if f.name == "networks"]
    assert [item.name for item in networks.freeable] == ["Wide network"]

    assert services.system.clean_up("networks") == networks.size_bytes

    assert not folder.exists()


def test_a_network_that_a_module_names_stays_though_its_model_is_gone(
    services: Services, home: Home, wide: ModelCard
):
    folder = keep(home, wide)
    add_bundle(home, "wide-3-0a1b2c3d", original_network=network_key(wide))
    services.models.delete("wide")

    assert services.system.clean_up("networks") == 0
    assert folder.exists()


def test_a_network_of_a_model_that_a_job_works_on_stays(
    services: Services, home: Home, wide: ModelCard
):
    folder = keep(home, wide)
    begin_job(services, "wide")

    assert services.system.clean_up("networks") == 0
    assert folder.exists()


def test_a_network_that_was_written_while_a_job_works_may_be_of_its_module_and_stays(
    services: Services, home: Home, wide: ModelCard
):
    begin_job(services, "toy")
    folder = keep(home, wide, is_old=False)

    assert services.system.clean_up("networks") == 0
    assert folder.exists()


def test_a_job_that_will_be_resumed_still_needs_its_model(services: Services, wide: ModelCard):
    begin_job(services, wide.name)
    (job,) = services.stores.jobs.in_state("queued")
    services.stores.jobs.move(
        job.id,
        lambda job: job.start(this_process("command line"), now=utc_now()),
        lambda job: job.interrupt("the power failed", died=False, now=utc_now()),
    )

    with pytest.raises(WrongStateError, match=f"needed by job {job.id}"):
        services.models.delete(wide.name)
