"""Under which licences the libraries stand that this program runs on."""

import re
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution

PROGRAM = "modelfoundry"
PREFIX = "License :: OSI Approved :: "
LONGEST = 60  # what is longer is the text of a licence and not its name


@dataclass(frozen=True)
class License:
    """One library with its version; ``license`` is empty where its maker does not say."""

    name: str
    version: str
    license: str


def licenses() -> list[License]:
    """List the installed libraries that this program needs, and those that they need, by name."""
    found: dict[str, License] = {}
    waiting = [PROGRAM]
    while waiting:
        name = _plain(waiting.pop())
        if name in found:
            continue
        try:
            library = distribution(name)
        except PackageNotFoundError:
            continue  # an extra that is not installed, or not for this system
        found[name] = License(library.metadata["Name"], library.version, _license(library))
        waiting += [
            re.split(r"[^\w.-]", wanted, maxsplit=1)[0]
            for wanted in library.requires or ()
            if "extra ==" not in wanted
        ]
    del found[PROGRAM]
    return sorted(found.values(), key=lambda each: each.name.lower())


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _license(library: Distribution) -> str:
    if expression := _stated(library, "License-Expression"):
        return expression
    classified = [
        each.removeprefix(PREFIX)
        for each in library.metadata.get_all("Classifier") or ()
        if each.startswith(PREFIX)
    ]
    if classified:
        return ", ".join(classified)
    stated = _stated(library, "License")
    return stated if len(stated) <= LONGEST else ""


def _stated(library: Distribution, field: str) -> str:
    return library.metadata[field].strip() if field in library.metadata else ""
