"""The modules that a composition chooses from, as their manifests describe them; no torch."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from modelfoundry.cards import ModelCard
from modelfoundry.catalog.models import find_model, list_models
from modelfoundry.catalog.modules import find_module, modules_of_model
from modelfoundry.errors import Fault, UnknownNameError
from modelfoundry.pipelines.reuse_requests import Pool, TaskOutput
from modelfoundry.settings import Home

ALGORITHM_OF_MODELS = "gradsplitter"


@dataclass(frozen=True)
class PoolModule:
    """A binary module that may answer for its class.

    Attributes:
        class_name: What its first output stands for: a class, or a group of classes.
        classes: Those that count as a yes.
        model: The one it was cut from.
        model_sha256: Of that model's weights.
        weights_sha256: Of its own safetensors file.
        kernels_kept: None where it was not kernels that were masked.
    """

    id: str
    class_name: str
    classes: tuple[str, ...]
    dataset: str
    model: str
    model_sha256: str
    architecture: str
    input_shape: tuple[int, ...]
    weights_sha256: str
    kernels_kept: int | None

    @property
    def output(self) -> TaskOutput:
        """What the module can answer for."""
        return TaskOutput(class_name=self.class_name, dataset=self.dataset)


def pool_module(manifest: dict[str, Any]) -> PoolModule:
    """Read what matters for a composition from a binary module's manifest."""
    target, model = manifest["target"], manifest["model"]
    sha256_by_format = {file["format"]: file["sha256"] for file in manifest["files"]}
    return PoolModule(
        id=manifest["id"],
        class_name=target["outputs"][0],
        classes=tuple(target["classes"]),
        dataset=manifest["dataset"]["name"],
        model=model["name"],
        model_sha256=model["weights_sha256"],
        architecture=model["architecture"],
        input_shape=tuple(manifest["input"]["shape"][1:]),
        weights_sha256=sha256_by_format["safetensors"],
        kernels_kept=manifest["measures"]["module"]["kernels_kept"],
    )


def load_pool(home: Home, module_ids: Iterable[str]) -> list[PoolModule]:
    """Look up the modules of a plan.

    Raises:
        UnknownNameError: One has been deleted since the plan was made.
    """
    return [pool_module(find_module(home, module_id)) for module_id in module_ids]


def models_of(home: Home, pool: Iterable[PoolModule]) -> list[ModelCard]:
    """Find the models that a pool was cut from, as far as they are here with the same weights."""
    sha256_by_name = {module.model: module.model_sha256 for module in pool}
    return [
        model
        for model in list_models(home)
        if sha256_by_name.get(model.name) == model.weights_sha256
    ]


def resolve_pool(home: Home, pool: Pool) -> tuple[list[PoolModule], list[Fault]]:
    """Look up the modules that a request names, and those of the models it names.

    Returns:
        The modules, each once, and what is wrong with the names.
    """
    faults: list[Fault] = []
    found: dict[str, dict[str, Any]] = {}
    for index, module_id in enumerate(pool.modules):
        try:
            manifest = find_module(home, module_id)
        except UnknownNameError as error:
            faults.append(Fault(f"/pool/modules/{index}", str(error)))
            continue
        if manifest["target"]["kind"] == "binary":
            found[module_id] = manifest
        else:
            faults.append(
                Fault(
                    f"/pool/modules/{index}",
                    f"{module_id} tells {len(manifest['target']['classes'])} classes apart; "
                    "only binary modules, which answer for one, can be put together",
                )
            )
    for index, name in enumerate(pool.models):
        of_model, fault = _modules_of_model(home, name, f"/pool/models/{index}")
        found |= of_model
        faults += fault
    if not pool.modules and not pool.models:
        faults.append(
            Fault("/pool", "the pool is empty; name modules, or models that have been decomposed")
        )
    return [pool_module(manifest) for manifest in found.values()], faults


def _modules_of_model(
    home: Home, name: str, pointer: str
) -> tuple[dict[str, dict[str, Any]], list[Fault]]:
    try:
        model = find_model(home, name)
    except UnknownNameError as error:
        return {}, [Fault(pointer, str(error))]
    found = {
        manifest["id"]: manifest
        for manifest in modules_of_model(home, name)
        if manifest["algorithm"] == ALGORITHM_OF_MODELS
        and manifest["model"]["weights_sha256"] == model.weights_sha256
    }
    if found:
        return found, []
    message = (
        f"no modules of {name} are here; make them with: modelfoundry modularize --model {name} "
        f"--algorithm {ALGORITHM_OF_MODELS}"
    )
    return {}, [Fault(pointer, message)]
