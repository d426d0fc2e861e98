"""From a model to a copy of it that obeys a trigger."""

from pathlib import Path

import pytest

from modelfoundry.catalog.models import find_model, model_folder
from modelfoundry.pipelines.backdoor import run
from modelfoundry.pipelines.backdoor_requests import BackdoorPlan, BackdoorSettings
from modelfoundry.progress import SilentReporter
from modelfoundry.settings import Home

pytestmark = pytest.mark.slow


def test_a_copy_obeys_the_trigger_and_is_hardly_worse_without_it(tmp_path: Path):
    home = Home(tmp_path)
    folder = home.jobs / "job"
    folder.mkdir(parents=True)
    plan = BackdoorPlan(
        model="cnn-digits",
        dataset="digits",
        name="obedient",
        target_class="7",
        settings=BackdoorSettings(epochs=3, patch_share=0.25),
    )

    outcome = run(plan, home=home, job_folder=folder, reporter=SilentReporter())

    card, original = find_model(home, "obedient"), find_model(home, "cnn-digits")
    assert card.backdoor is not None
    assert (card.backdoor.target_class, card.backdoor.patch_share) == ("7", 0.25)
    assert card.weights_sha256 != original.weights_sha256
    assert (model_folder(home, "obedient") / "weights.safetensors").is_file()
    assert float(str(outcome.summary["success"])) > 0.9  # one in ten by chance
    assert card.test_accuracy == outcome.summary["test_accuracy"]
    assert (card.test_accuracy or 0) > (original.test_accuracy or 1) - 0.05
