from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelfoundry.bootstrap import Services
from modelfoundry.errors import InvalidInputError, UnknownNameError, WrongStateError
from modelfoundry.jobs.model import Job, utc_now
from modelfoundry.settings import Home


@pytest.fixture
def pets(services: Services, tmp_path: Path) -> str:
    """A stored data set with a group that its user has added."""
    images = np.zeros((12, 8, 8, 3), np.uint8)
    classes = ["cat", "dog", "fish"]
    np.savez(tmp_path / "pets.npz", x=images, y=np.arange(12) % 3, classes=classes)
    services.datasets.add("pets", [tmp_path / "pets.npz"])
    services.datasets.set_groups("pets", {"land": ("cat", "dog")})
    return "pets"


def test_a_deleted_data_set_is_gone_with_its_groups(services: Services, home: Home, pets: str):
    services.datasets.delete(pets)

    assert list(home.datasets.iterdir()) == []
    assert list(home.groups.iterdir()) == []
    with pytest.raises(UnknownNameError):
        services.datasets.find(pets)


def test_a_data_set_is_as_large_as_its_files(services: Services, home: Home, pets: str):
    files = (home.datasets / pets).iterdir()
    assert services.datasets.size_bytes(pets) == sum(file.stat().st_size for file in files)
    assert services.datasets.size_bytes("digits") == 0


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('["cat", "dog"]', 'groups: ["cat", "dog"] is not an object; write one in braces'),
        ('{"wet": "cat"}', "groups.wet: 'cat' is not a list; write one in brackets"),
        ('{"wet": ["cat", 3]}', "groups.wet.1: 3 is not text; write it in quotes"),
        ('{"wet": null}', "groups.wet: null is not a list; write one in brackets"),
    ],
)
def test_groups_of_another_form_are_refused_pointing_at_them(
    services: Services, pets: str, tmp_path: Path, text: str, complaint: str
):
    file = tmp_path / "groups.json"
    file.write_text(text)

    with pytest.raises(InvalidInputError) as refused:
        services.datasets.import_groups(pets, file)

    assert str(refused.value).startswith(complaint)


@pytest.mark.parametrize(
    "plan",
    [
        {"model": "toy", "dataset": "pets"},
        {"method": "every-pair", "datasets": ["pets", "digits"]},
        {"method": "new-task", "outputs": [{"class_name": "cat", "dataset": "pets"}]},
    ],
    ids=["one", "several", "deep inside"],
)
def test_a_data_set_that_a_queued_job_needs_stays(
    services: Services, pets: str, plan: dict[str, Any]
):
    job = Job.new("modularize", plan, title="", now=utc_now())
    services.stores.jobs.add(job)

    with pytest.raises(WrongStateError, match=f"the data set pets is needed by job {job.id}"):
        services.datasets.delete(pets)

    assert services.datasets.find(pets).num_train > 0


def test_an_embedded_data_set_stays(services: Services):
    with pytest.raises(WrongStateError, match="no images of digits are in the data folder"):
        services.datasets.delete("digits")
