"""The seven routes of the published tool, answered with real jobs, for clients written for it.

Their payloads are kept (every value is a string, classes are numbers); their answers are kept
where they were right. ``task_id`` is the id of a job, which the API proper follows and controls.
"""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify, url_for
from pydantic import Field, JsonValue

from modelfoundry.api.context import Reply, services
from modelfoundry.api.published_payloads import (
    Benchmark,
    Composition,
    Deployment,
    ModelRun,
    Modularization,
    Search,
)
from modelfoundry.api.schemas import View
from modelfoundry.api.sending import send_download
from modelfoundry.cards import ModelCard
from modelfoundry.errors import Fault, InvalidInputError, UnknownNameError
from modelfoundry.evaluation.attack_settings import AttackSettings
from modelfoundry.jobs.model import State
from modelfoundry.pipelines.finetune_requests import FinetuneRequest
from modelfoundry.pipelines.requests import ModularizeRequest, Target
from modelfoundry.pipelines.reuse_requests import (
    MoreAccurateRequest,
    NewTaskRequest,
    Pool,
    ScratchSettings,
)
from modelfoundry.services.cards import Card, CardQuery
from modelfoundry.services.published_names import (
    find_dataset_name,
    find_models,
    find_name,
    group_names,
    search_names,
)
from modelfoundry.services.requests import Request

bp = APIBlueprint("compatibility", __name__, enable_openapi=False)

MOST_MODULES = 10_000
MOST_TASKS = 100
FIRST_HEAD_EPOCHS, EPOCHS_A_CYCLE = 5, 7  # of GradSplitter as published
STATE_NAMES: dict[State, str] = {"queued": "pending", "succeeded": "done"}
# Where the API proper points at, and the field that it was made of.
FIELD_BY_POINTER = {
    "/model": "/modelFile",
    "/dataset": "/datasetFile",
    "/target/group": "/targetSuperclassIdx",
    "/target": "/targetClass",
    "/settings/lr": "/learningRate",
    "/settings/alpha": "/alpha",
    "/settings": "/epoch",
    "/scratch": "/epoch",
    "/outputs/0": "/cifarclass",
    "/outputs/1": "/svhnclass",
    "/pool": "/modelFile",
}

Answer = Reply[dict[str, Any]]


class Queued(View):
    """The answer while a job waits or runs; the addresses replace the published tool's sockets."""

    logs: str
    is_model_ready: bool = Field(serialization_alias="isModelReady")
    task_id: str
    job_url: str
    events_url: str


@bp.post("/search_module")
@bp.input(Search, arg_name="wanted")
def search_module(wanted: Search) -> Response:
    """List the classes and superclasses that modules are cut out for, best match first."""
    known = {model.dataset for model in services().models.all()}
    datasets = [dataset for dataset in services().datasets.all() if dataset.name in known]
    return jsonify(search_names(datasets, wanted.search_class))


@bp.post("/run_model")
@bp.input(ModelRun, arg_name="wanted")
def run_model(wanted: ModelRun) -> Answer:
    """Queue a search: SeaM for one module, GradSplitter for a module of each class."""
    is_tuning = wanted.direct_model_reuse == "Defect Inheritance"
    return _queued(_fine_tuning(wanted) if is_tuning else _search(wanted))


@bp.post("/benchmark")
@bp.input(Benchmark, arg_name="wanted")
def run_benchmark(wanted: Benchmark) -> Answer:
    """Queue one of the two published searches that were offered, but for what is given."""
    default = "vgg16" if wanted.algorithm == "seam" else "simcnn"
    return _queued(_search(wanted.model_copy(update={"model_file": wanted.model_file or default})))


@bp.post("/run_reuse")
@bp.input(Composition, arg_name="wanted")
def run_reuse(wanted: Composition) -> Answer:
    """Queue a composition of modules that GradSplitter has made."""
    decomposed = {card.model for card in _modules(algorithm="gradsplitter")}
    if wanted.reuse_method == "More Accurate":
        names = [card.name for card in _models(wanted.model_file, wanted.dataset_file)]
        pool = Pool(models=tuple(name for name in names if name in decomposed) or tuple(names))
        return _queued(MoreAccurateRequest(method="more-accurate", pool=pool))
    outputs = (
        _output("cifarclass", wanted.cifarclass, "cifar10"),
        _output("svhnclass", wanted.svhnclass, "svhn"),
    )
    scratch = ScratchSettings() if wanted.epoch is None else ScratchSettings(epochs=wanted.epoch)
    pool = Pool(models=tuple(sorted(decomposed)))
    return _queued(NewTaskRequest(method="new-task", outputs=outputs, pool=pool, scratch=scratch))


@bp.post("/download")
@bp.input(Modularization, arg_name="wanted")
def download(wanted: Modularization) -> Response:
    """Send the newest module that was made for the same fields, all its files packed."""
    model = _models(wanted.model_file, wanted.dataset_file)[0]
    target = _target(wanted, model)
    made = _modules(model=model.name, algorithm=wanted.algorithm)
    subject = target.group or target.classes
    module_id = next(
        (card.module_id for card in made if subject in (card.group, card.classes)), None
    )
    if module_id is None:
        name = target.group or target.classes[0]
        raise UnknownNameError("module", f"{name} of {model.name} by {wanted.algorithm}")
    return send_download(services().modules.download(module_id, "zip"))


@bp.post("/run_deployment")
@bp.input(Deployment, arg_name="wanted")
def run_deployment(wanted: Deployment) -> Response:
    """Have a module say what is on a test image of a class; the answer is its label, as text."""
    module_id = wanted.module or next(
        (card.module_id for card in _modules(kind="binary") if _knows(card, wanted.image)), None
    )
    if module_id is None:
        raise UnknownNameError("binary module of a data set with the class", wanted.image)
    dataset = services().modules.get(module_id).manifest.dataset.name
    (sample,) = services().samples.some(dataset, classes=(wanted.image,), limit=1, seed=0)
    picture = services().samples.png(dataset, sample.index)
    found = services().predict.by_module(module_id, picture, file=wanted.image, with_original=False)
    return Response(found.answers[0].scores[0].label, content_type="text/plain; charset=utf-8")


@bp.get("/list_tasks")
def list_tasks() -> Response:
    """Tell the states of the newest jobs by id: pending, running, done, or why not done."""
    jobs = services().jobs.page(limit=MOST_TASKS).items
    return jsonify({job.id: STATE_NAMES.get(job.state, job.state) for job in jobs})


def _knows(card: Card, class_name: str) -> bool:
    return class_name in services().datasets.find(card.dataset).classes


def _queued(request: Request) -> Answer:
    """Queue a job; faults point into the payload that the request was made of."""
    try:
        job = services().jobs.submit(request)
    except InvalidInputError as error:
        raise InvalidInputError(
            Fault(_field(fault.pointer), fault.message) for fault in error.faults
        ) from error
    queued = Queued(
        logs=f"{job.title} is queued",
        is_model_ready=False,
        task_id=job.id,
        job_url=url_for("jobs.get_job", job_id=job.id),
        events_url=url_for("events.get_events", job_id=job.id),
    )
    return queued.model_dump(by_alias=True), 202, {"Location": queued.job_url}


def _field(pointer: str) -> str:
    return next(
        (field for start, field in FIELD_BY_POINTER.items() if pointer.startswith(start)), pointer
    )


def _search(wanted: Modularization) -> ModularizeRequest:
    model = _models(wanted.model_file, wanted.dataset_file)[0]
    is_joint = wanted.algorithm == "gradsplitter"
    rate = {"lr_joint" if is_joint else "lr_mask": wanted.learning_rate, "alpha": wanted.alpha}
    settings: dict[str, JsonValue] = {k: v for k, v in rate.items() if v is not None}
    if wanted.epoch is not None and is_joint:
        settings["cycles"] = max(1, (wanted.epoch - FIRST_HEAD_EPOCHS) // EPOCHS_A_CYCLE)
    elif wanted.epoch is not None:
        settings["epochs"] = wanted.epoch
    return ModularizeRequest(
        model=model.name,
        target=Target() if is_joint else _target(wanted, model),
        algorithm=wanted.algorithm,
        preset="published",
        settings=settings,
    )


def _fine_tuning(wanted: ModelRun) -> FinetuneRequest:
    """Fine-tune a network of ImageNet by SeaM, as published; measure what defects it inherits."""
    return FinetuneRequest(
        method="finetune",
        model=_models(wanted.model_file, "imagenet")[0].name,
        dataset=find_dataset_name(services().datasets.all(), wanted.dataset_file),
        preset="published",
        attack=AttackSettings(),
    )


def _target(wanted: Modularization, model: ModelCard) -> Target:
    if wanted.direct_model_reuse == "Multi-Class Classification":
        groups = group_names(services().datasets.find(model.dataset))
        group = find_name("targetSuperclassIdx", wanted.target_superclass_idx, groups)
        return Target(group=group)
    return Target(classes=(find_name("targetClass", wanted.target_class, model.classes),))


def _models(model_file: str | None, dataset_file: str) -> list[ModelCard]:
    return find_models(services().models.all(), model_file or "", dataset_file)


def _modules(**facets: str) -> list[Card]:
    """List the modules that there are, newest first."""
    chosen: dict[str, tuple[str, ...]] = {name: (value,) for name, value in facets.items()}
    query = CardQuery(chosen=chosen | {"ready": ("true",)}, sort="newest", limit=MOST_MODULES)
    return services().catalog.search(query).items


def _output(field: str, given: str | None, dataset: str) -> str:
    return f"{find_name(field, given, services().datasets.find(dataset).classes)}@{dataset}"
