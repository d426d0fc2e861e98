import os
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest

from modelfoundry.bootstrap import Services
from modelfoundry.errors import UnknownNameError
from modelfoundry.jobs.model import Job, State, utc_now
from modelfoundry.jobs.processes import this_process
from modelfoundry.services.system import Folder, Freeable
from modelfoundry.services.uploads import NewUpload
from modelfoundry.settings import Home
from modelfoundry.storage import unfinished_folder


def add_checkpoint(services: Services, state: State) -> Path:
    job = Job.new("modularize", {}, title=state, now=utc_now())
    services.stores.jobs.add(job)
    if state == "cancelled":
        services.jobs.cancel(job.id)
    folder = services.settings.home.jobs / job.id
    folder.mkdir()
    (folder / "checkpoint.pt").write_bytes(b"x" * 10)
    return folder


def folder(services: Services, name: str) -> Folder:
    (found,) = [each for each in services.system.describe().folders if each.name == name]
    return found


def test_a_folder_is_as_large_as_all_files_below_it(services: Services, home: Home):
    (home.datasets / "mine").mkdir()
    (home.datasets / "mine" / "a.npy").write_bytes(b"x" * 7)
    (home.datasets / "b").write_bytes(b"x" * 5)

    assert folder(services, "datasets") == Folder("datasets", size_bytes=12, freeable_bytes=0)
    assert folder(services, "downloads") == Folder("downloads", size_bytes=0, freeable_bytes=0)


def test_checkpoints_of_ended_jobs_can_be_freed_and_others_stay(services: Services):
    ended, waiting = add_checkpoint(services, "cancelled"), add_checkpoint(services, "queued")
    unknown = services.settings.home.jobs / "unknown"
    unknown.mkdir()
    assert folder(services, "jobs") == Folder(
        "jobs", size_bytes=20, freeable_bytes=10, freeable=(Freeable(ended.name, 10),)
    )

    assert services.system.clean_up("jobs") == 10

    assert [path.exists() for path in (ended, waiting, unknown)] == [False, True, True]


def test_downloads_can_be_freed(services: Services, home: Home):
    home.downloads.mkdir()
    (home.downloads / "weights.pt").write_bytes(b"x" * 3)

    assert services.system.clean_up("downloads") == 3
    assert list(home.downloads.iterdir()) == []


@pytest.mark.parametrize("name", ["models", "modules", "..", "", "modelfoundry.db"])
def test_what_cannot_be_had_again_is_never_cleaned_up(services: Services, name: str):
    with pytest.raises(UnknownNameError, match="known: jobs, downloads, networks, uploads, logs"):
        services.system.clean_up(name)


def test_leftovers_of_processes_that_died_can_be_freed_and_others_stay(
    services: Services, home: Home
):
    left = home.modules / ".unfinished-left"
    unknown = home.jobs / "unknown"
    for each in (left, unknown):
        each.mkdir()
        (each / "file").write_bytes(b"x" * 5)
        os.utime(each, (0, 0))
    waiting = add_checkpoint(services, "queued")
    with unfinished_folder(home.datasets) as busy:
        (busy / "file").write_bytes(b"x")
        os.utime(busy, (0, 0))
        found = folder(services, "leftovers")
        assert (found.size_bytes, found.freeable_bytes) == (10, 10)

        assert services.system.clean_up("leftovers") == 10
        assert [each.exists() for each in (left, unknown, waiting, busy)] == [
            False,
            False,
            True,
            True,
        ]


def test_logs_of_jobs_that_ended_long_ago_can_be_freed_and_younger_ones_stay(services: Services):
    old, young = (Job.new("train", {}, title="", now=utc_now()) for _ in range(2))
    for job, ended in ((old, utc_now() - timedelta(days=31)), (young, utc_now())):
        services.stores.jobs.add(job.start(this_process("command line"), now=ended))
        services.stores.jobs.move(job.id, partial(Job.fail, error="no", now=ended))
    freeable = folder(services, "logs").freeable_bytes
    assert freeable > 0

    assert services.system.clean_up("logs") == freeable

    assert services.jobs.events(old.id, after=0, limit=9) == []
    assert services.jobs.events(young.id, after=0, limit=9)
    assert services.jobs.get(old.id).state == "failed"
    assert folder(services, "logs").freeable_bytes == 0


def test_uploads_that_nobody_goes_on_with_can_be_freed_and_others_stay(services: Services):
    left, fresh = (
        services.uploads.begin(NewUpload(name=name, size_bytes=9)) for name in ("a.zip", "b.zip")
    )
    services.uploads.add(left.id, BytesIO(b"12345"), offset=0)
    uploads = services.settings.home.uploads
    for path in (uploads / left.id, *(uploads / left.id).iterdir()):
        os.utime(path, (0, 0))
    (freeable,) = folder(services, "uploads").freeable
    assert freeable.name == "a.zip"

    assert services.system.clean_up("uploads") == freeable.size_bytes

    assert [path.name for path in uploads.iterdir()] == [fresh.id]
