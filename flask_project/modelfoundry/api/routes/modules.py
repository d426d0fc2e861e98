"""Modules: list, inspect, download, delete."""

from datetime import datetime

from apiflask import APIBlueprint, EmptySchema, FileSchema
from flask import Response, url_for

from modelfoundry.api.context import API_PREFIX, services
from modelfoundry.api.schemas import PageQuery, Query, View
from modelfoundry.api.sending import FILE_RESPONSES, send_download
from modelfoundry.evaluation.graph import ModuleGraph, NetworkGraph
from modelfoundry.jobs.manifest import Manifest
from modelfoundry.jobs.module_store import Module
from modelfoundry.services.module_uses import ModuleUses
from modelfoundry.services.modules import Format

bp = APIBlueprint("modules", __name__, url_prefix=API_PREFIX)


class DownloadQuery(Query):
    """Which file is wanted; ``zip`` holds all of them."""

    format: Format


class ModuleFileView(View):
    """One file of a module."""

    name: str
    format: str
    size_bytes: int
    sha256: str
    download_url: str


class ModuleView(View):
    """A module on disk; the manifest says everything about it.

    This is enough to mirror a module: ``files`` have addresses and hashes, the one of the format
    ``readme`` is its card, and ``manifest_url`` gives the file that lists the others.
    """

    id: str
    title: str
    license: str
    job_id: str | None
    created_at: datetime
    size_bytes: int
    manifest: Manifest
    manifest_url: str
    archive_url: str
    files: list[ModuleFileView]

    @classmethod
    def of(cls, module: Module) -> "ModuleView":
        """Show a module."""
        files = [
            ModuleFileView(**file.model_dump(), download_url=_url(module, file.format))
            for file in module.manifest.files
        ]
        return cls(
            **vars(module),
            license=module.manifest.model.license,
            manifest_url=_url(module, "manifest"),
            archive_url=_url(module, "zip"),
            files=files,
        )


def _url(module: Module, wanted: str) -> str:
    return url_for("modules.download_module", module_id=module.id, format=wanted)


class ModuleGraphView(View):
    """A module and its original as graphs; layers of the same name correspond."""

    original: NetworkGraph
    module: NetworkGraph

    @classmethod
    def of(cls, graph: ModuleGraph) -> "ModuleGraphView":
        """Show the graphs of a module."""
        return cls.model_validate(graph)


class ReferringView(View):
    """Something that refers to a module."""

    id: str
    title: str


class ModuleUsesView(View):
    """What refers to a module; it can be deleted when no queued or running job needs it."""

    jobs: list[ReferringView]
    modules: list[ReferringView]
    num_evaluations: int

    @classmethod
    def of(cls, uses: ModuleUses) -> "ModuleUsesView":
        """Show what refers to a module."""
        return cls.model_validate(uses)


class ModulePage(View):
    """Some modules, newest first."""

    items: list[ModuleView]
    next_cursor: str | None
    total: int


class ModuleList(View):
    """All modules of one kind; there are few enough for one page."""

    items: list[ModuleView]


@bp.get("/modules")
@bp.input(PageQuery, location="query")
@bp.output(ModulePage)
def list_modules(query_data: PageQuery) -> ModulePage:
    """List modules, newest first."""
    page = services().modules.page(cursor=query_data.cursor, limit=query_data.limit)
    items = [ModuleView.of(module) for module in page.items]
    return ModulePage(items=items, next_cursor=page.next_cursor, total=page.total)


@bp.get("/modules/<module_id>")
@bp.output(ModuleView)
def get_module(module_id: str) -> ModuleView:
    """Describe one module."""
    return ModuleView.of(services().modules.get(module_id))


@bp.get("/modules/<module_id>/siblings")
@bp.output(ModuleList)
def list_siblings(module_id: str) -> ModuleList:
    """List the other modules of the same model for the same target, newest first."""
    siblings = services().modules.siblings(module_id)
    return ModuleList(items=[ModuleView.of(module) for module in siblings])


@bp.get("/modules/<module_id>/graph")
@bp.output(ModuleGraphView)
@bp.doc(responses={410: "The module was made without graphs, or its files are gone."})
def get_module_graph(module_id: str) -> ModuleGraphView:
    """Describe the networks of a module and of its original, layer by layer."""
    return ModuleGraphView.of(services().modules.graph(module_id))


@bp.get("/modules/<module_id>/uses")
@bp.output(ModuleUsesView)
def get_module_uses(module_id: str) -> ModuleUsesView:
    """List what refers to a module, to be asked before it is deleted."""
    return ModuleUsesView.of(services().modules.uses(module_id))


@bp.delete("/modules/<module_id>")
@bp.output(EmptySchema, status_code=204)
@bp.doc(responses={409: "A job that is queued or running needs it; the problem names the jobs."})
def delete_module(module_id: str) -> str:
    """Delete a module and its files, unless a job needs them."""
    services().modules.delete(module_id)
    return ""


@bp.get("/modules/<module_id>/download")
@bp.input(DownloadQuery, location="query")
@bp.output(
    FileSchema(type="string", format="binary"),
    content_type="application/octet-stream",
    description="The file; ranges can be asked for, and the ETag is its sha256.",
)
@bp.doc(responses=FILE_RESPONSES)
def download_module(module_id: str, query_data: DownloadQuery) -> Response:
    """Download one file of a module, or all of them packed."""
    return send_download(services().modules.download(module_id, query_data.format))
