import json

import pytest
from huggingface_hub import ModelCard
from tests.unit.export.conftest import WrittenBundle

from modelfoundry.errors import DownloadError, InvalidInputError
from modelfoundry.export.hub import push, repository_of
from modelfoundry.export.model_card import model_card


def test_the_hub_reads_the_front_matter_of_a_bundle(bundle: WrittenBundle):
    card = ModelCard.load(bundle.folder / "README.md")

    (result,) = card.data.eval_results or []
    assert result.task_type == "image-classification"
    assert result.metric_type == "accuracy"
    accuracy = bundle.manifest["measures"]["module"]["accuracy_test"]
    assert result.metric_value == pytest.approx(accuracy, abs=1e-6)
    assert card.data.license == "mit"


def test_a_licence_that_the_hub_does_not_know_keeps_its_name(bundle: WrittenBundle):
    model = bundle.manifest["model"] | {"license": 'Ours: "free"'}

    data = ModelCard(model_card(bundle.manifest | {"model": model})).data

    assert (data["license"], data["license_name"]) == ("other", 'Ours: "free"')


def test_the_config_names_inputs_and_labels(bundle: WrittenBundle):
    config = json.loads((bundle.folder / "config.json").read_text())

    outputs = bundle.manifest["target"]["outputs"]
    assert config["id2label"] == {str(label): name for label, name in enumerate(outputs)}
    assert (config["num_channels"], config["image_size"]) == (3, [8, 8])


@pytest.mark.parametrize("address", ["hf://", "hf://name", "hf://a/b/c", "https://hf.co/a/b"])
def test_an_address_that_names_no_repository_is_refused(address: str):
    with pytest.raises(InvalidInputError, match="write hf://user/name"):
        repository_of(address)


def test_a_hub_out_of_reach_is_answered_with_the_way_out(
    bundle: WrittenBundle, monkeypatch: pytest.MonkeyPatch
):
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nobody listens there
    monkeypatch.setenv("HF_TOKEN", "hf_none")

    with pytest.raises(DownloadError, match="export it to a folder with --to FOLDER"):
        push(bundle.folder, "hf://me/mine")
