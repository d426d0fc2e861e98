"""Which of the whole networks that are kept beside modules nobody needs any more."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from modelfoundry.catalog.models import find_model
from modelfoundry.errors import GoneError, UnknownNameError
from modelfoundry.export.manifest import MANIFEST_NAME
from modelfoundry.export.networks import KEY_DIGITS, find_network, network_key
from modelfoundry.jobs.store import JobStore
from modelfoundry.services.in_use import needs_of, unfinished_jobs
from modelfoundry.settings import Home

KEY = re.compile(rb'"([0-9a-f]{%d})"' % KEY_DIGITS)


def unneeded_networks(home: Home, jobs: JobStore) -> dict[Path, str]:
    """Give the titles of kept networks that no module names and no unfinished job may need.

    What has been written since the oldest unfinished job began may be of a module to come.
    """
    needed = {*_named_by_modules(home), *_needed_by_jobs(home, jobs)}
    begun = [job.created_at.timestamp() for job in unfinished_jobs(jobs)]
    return {
        folder: _title(home, folder.name)
        for folder in sorted(home.networks.glob("[!.]*"))
        if folder.name not in needed and folder.stat().st_mtime < min(begun, default=float("inf"))
    }


def _title(home: Home, key: str) -> str:
    try:
        return find_network(home, key).title
    except GoneError:
        return key  # its description is damaged


def _named_by_modules(home: Home) -> Iterator[str]:
    """Find keys in manifests, also in those of another version that are not understood here."""
    for manifest in home.modules.glob(f"*/{MANIFEST_NAME}"):
        with suppress(FileNotFoundError):  # deleted meanwhile
            yield from (key.decode() for key in KEY.findall(manifest.read_bytes()))


def _needed_by_jobs(home: Home, jobs: JobStore) -> Iterator[str]:
    for job in unfinished_jobs(jobs):
        for name in needs_of(home, job, "model"):
            try:
                yield network_key(find_model(home, name))
            except UnknownNameError:
                continue  # the job will say so itself
