"""Many fine-tunings at once: ways by thresholds by seeds, as one sweep."""

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from modelfoundry.algorithms.finetune.config import How
from modelfoundry.errors import Fault, InvalidInputError
from modelfoundry.evaluation.attack_settings import AttackSettings
from modelfoundry.pipelines.finetune_requests import FinetuneRequest, Seed
from modelfoundry.pipelines.reuse_requests import AnyReusePlan
from modelfoundry.services.checks import CheckedPlan
from modelfoundry.services.finetune import check_finetune
from modelfoundry.services.sweep_request import MAX_MEMBERS
from modelfoundry.settings import Home

THRESHOLD = "prune_threshold"

Settings = dict[str, JsonValue]


class FinetuningsRequest(BaseModel):
    """Fine-tune a model in several ways, with several thresholds and seeds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field(description="Name of the pre-trained model.")
    dataset: str = Field(description="Name of the data set to fine-tune to.")
    how: tuple[How, ...] = Field(
        default=("seam", "standard"), min_length=1, description="Ways to fine-tune, to compare."
    )
    thresholds: tuple[float, ...] = Field(
        default=(),
        description="Values of the setting prune_threshold to try, for seam alone; that of the "
        "preset if there are none.",
    )
    seeds: tuple[Seed, ...] = Field(
        default=(0,), min_length=1, description="Results are averaged over them."
    )
    preset: str | None = Field(default=None, description="fast (if absent) or published.")
    config: dict[str, JsonValue] = Field(
        default_factory=dict, description="Single settings that differ from the preset."
    )
    attack: AttackSettings | None = Field(
        default=AttackSettings(),
        description="Measure the inherited defects by this attack; null: do not.",
    )


def check_finetunings(
    home: Home, wanted: FinetuningsRequest
) -> tuple[str, list[CheckedPlan[AnyReusePlan]]]:
    """Make the plan of every fine-tuning: by way, then threshold, then seed.

    Returns:
        What they are called together, and the plans.

    Raises:
        InvalidInputError: With all faults of all members at once.
    """
    members = list(_members(wanted))
    faults = dict.fromkeys(_own_faults(wanted, len(members)))
    if faults:
        raise InvalidInputError(faults)
    checked: list[CheckedPlan[AnyReusePlan]] = []
    for pointers, request in members:
        try:
            checked.append(check_finetune(home, request))
        except InvalidInputError as error:
            for fault in error.faults:
                faults[Fault(pointers.get(fault.pointer, fault.pointer), fault.message)] = None
    if faults:
        raise InvalidInputError(faults)
    jobs = f"{len(checked):,} job{'s' * (len(checked) > 1)}"
    title = f"Fine-tune {wanted.model} to {wanted.dataset}: {', '.join(wanted.how)}: {jobs}"
    return title, checked


def _members(wanted: FinetuningsRequest) -> Iterator[tuple[dict[str, str], FinetuneRequest]]:
    """List the requests, and where in the whole request a part of each comes from."""
    for how in wanted.how:
        for tried, source in _thresholds(wanted) if how == "seam" else [({}, {})]:
            for seed in wanted.seeds:
                yield (
                    source,
                    FinetuneRequest(
                        method="finetune",
                        model=wanted.model,
                        dataset=wanted.dataset,
                        how=how,
                        preset=wanted.preset,
                        config=wanted.config | tried,
                        seed=seed,
                        attack=wanted.attack,
                    ),
                )


def _thresholds(wanted: FinetuningsRequest) -> list[tuple[Settings, dict[str, str]]]:
    """List the settings to try, and where in the whole request each comes from."""
    return [
        ({THRESHOLD: threshold}, {f"/config/{THRESHOLD}": f"/thresholds/{at}"})
        for at, threshold in enumerate(wanted.thresholds)
    ] or [({}, {})]


def _own_faults(wanted: FinetuningsRequest, num_members: int) -> Iterator[Fault]:
    for name in ("how", "thresholds", "seeds"):
        values = getattr(wanted, name)
        for at, value in enumerate(values):
            if value in values[:at]:
                yield Fault(f"/{name}/{at}", f"{value} is there twice; name it once")
    if wanted.thresholds and "seam" not in wanted.how:
        yield Fault("/thresholds", "only seam has a threshold; add seam to how, or leave this out")
    if num_members > MAX_MEMBERS:
        yield Fault(
            "",
            f"this would be {num_members:,} jobs; the limit is {MAX_MEMBERS:,}, so name fewer "
            "thresholds or seeds",
        )
