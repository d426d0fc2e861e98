import pytest
import timm
import torch
from safetensors.torch import save_file

from modelfoundry.bootstrap import Services
from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.catalog.models import model_folder
from modelfoundry.errors import (
    InvalidInputError,
    UnknownNameError,
    UnreadableFileError,
    WrongStateError,
)
from modelfoundry.jobs.model import Job, utc_now
from modelfoundry.services.models import ModelService
from modelfoundry.settings import Home
from modelfoundry.zoo.weights import load_weights


@pytest.fixture
def models(services: Services) -> ModelService:
    return services.models


def test_published_weights_are_listed_by_words(models: ModelService):
    names = [weights.name for weights in models.published("cifar100 vgg")]

    assert names == [f"vgg{depth}-bn-cifar100" for depth in (11, 13, 16, 19)]


def test_a_name_in_use_is_refused_before_anything_is_downloaded(models: ModelService):
    with pytest.raises(InvalidInputError, match="a model named 'toy' is already here"):
        models.get("resnet20-cifar10", name="toy")


def test_a_file_that_a_person_has_put_there_becomes_a_model(models: ModelService, home: Home):
    network = timm.create_model("test_resnet", num_classes=1000).eval()
    home.downloads.mkdir(parents=True)
    save_file(network.state_dict(), home.downloads / "test_resnet.r160_in1k.safetensors")

    card = models.get("timm/test_resnet", name="mine")

    assert card.origin.startswith(
        "imported from https://huggingface.co/timm/test_resnet.r160_in1k/resolve/main/"
    )
    assert (card.dataset, len(card.classes)) == ("imagenet", 1000)
    ours = load_weights(card, model_folder(home, "mine"), find_architecture(card.architecture))
    images = torch.rand(1, 3, 32, 32)
    assert torch.equal(ours(images), network(images))


def test_another_file_under_the_right_name_is_refused(models: ModelService, home: Home):
    home.downloads.mkdir(parents=True)
    (home.downloads / "resnet20-12fca82f.th").write_bytes(b"other")

    with pytest.raises(UnreadableFileError, match="should begin with 12fca82f"):
        models.get("resnet20-cifar10")


def test_a_deleted_model_is_gone_from_disk(models: ModelService, home: Home):
    models.delete("toy")

    assert list(home.models.iterdir()) == []
    with pytest.raises(UnknownNameError):
        models.find("toy")


def test_a_model_that_a_queued_job_needs_stays(services: Services):
    job = Job.new("modularize", {"model": "toy", "dataset": "digits"}, title="", now=utc_now())
    services.stores.jobs.add(job)

    with pytest.raises(WrongStateError, match=f"the model toy is needed by job {job.id}"):
        services.models.delete("toy")

    services.jobs.cancel(job.id)
    services.models.delete("toy")


def test_a_model_of_the_package_stays(models: ModelService):
    with pytest.raises(WrongStateError, match="cnn-digits came with the package"):
        models.delete("cnn-digits")


@pytest.mark.parametrize("name", ["..", "../datasets", "toy/..", ""])
def test_a_path_is_no_model_to_delete(models: ModelService, home: Home, name: str):
    with pytest.raises(UnknownNameError):
        models.delete(name)
    assert (home.models / "toy").is_dir()
