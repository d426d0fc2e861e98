"""What the published tool's names mean here: files of models, numbers of classes, search words."""

from collections.abc import Iterable, Sequence

from modelfoundry.cards import DatasetCard, ModelCard
from modelfoundry.errors import InvalidInputError, quoted
from modelfoundry.services.word_index import words_of


def find_models(models: Sequence[ModelCard], model_file: str, dataset_file: str) -> list[ModelCard]:
    """Find the models of an architecture, any if none is named, on a data set, or the one so named.

    Capitals and punctuation do not count, and ``vgg16`` means the one with batch norm too.

    Raises:
        InvalidInputError: There is none; lists what there is.
    """
    architectures = {_plain(model_file), f"{_plain(model_file)}bn"}
    found = [
        model
        for model in models
        if model.name == model_file
        or (
            (not model_file or _plain(model.architecture) in architectures)
            and _plain(model.dataset) == _plain(dataset_file)
        )
    ]
    if not found:
        known = ", ".join(f"{model.architecture} on {model.dataset}" for model in models)
        raise InvalidInputError.of(
            "/modelFile",
            f"there is no {quoted(model_file) if model_file else 'model'} on "
            f"{quoted(dataset_file)}; known: {known}; more come with: modelfoundry models get",
        )
    return found


def find_dataset_name(datasets: Iterable[DatasetCard], dataset_file: str) -> str:
    """Find the data set of a name, whose capitals and punctuation do not count.

    Raises:
        InvalidInputError: There is none; lists what there is.
    """
    names = [dataset.name for dataset in datasets]
    for name in names:
        if _plain(name) == _plain(dataset_file):
            return name
    raise InvalidInputError.of(
        "/datasetFile", f"there is no data set {quoted(dataset_file)}; known: {', '.join(names)}"
    )


def find_name(field: str, given: str | None, names: Sequence[str]) -> str:
    """Find what a number counted from 0, or a name, stands for.

    Raises:
        InvalidInputError: It stands for nothing; points at the field.
    """
    name_by_number = {str(number): name for number, name in enumerate(names)}
    if given is not None and (given in names or given in name_by_number):
        return given if given in names else name_by_number[given]
    wrong = "this is needed" if given is None else f"{quoted(given)} is none of those known"
    choice = f"choose a number from 0 to {len(names) - 1}" if names else "there are none"
    raise InvalidInputError.of(f"/{field}", f"{wrong}; {choice}")


def group_names(dataset: DatasetCard) -> list[str]:
    """Name the superclasses of a data set."""
    return [group.name for group in dataset.groups]


def search_names(datasets: Iterable[DatasetCard], text: str) -> list[dict[str, object]]:
    """Find classes and superclasses by the beginnings of their words, best match first."""
    wanted = words_of(text)
    ranked = [
        (rank, {"module_name": name, "dataset": dataset.name, "idx": index, "tag": tag})
        for dataset in datasets
        for tag, names in (("class", dataset.classes), ("superclass", group_names(dataset)))
        for index, name in enumerate(names)
        if (rank := _rank(wanted, words_of(name))) is not None
    ]
    return [row for _, row in sorted(ranked, key=lambda each: each[0])]


def _rank(wanted: list[str], words: list[str]) -> int | None:
    """Tell how well a name fits, 0 best; None if it does not."""
    if wanted == words:
        return 0
    if all(word in words for word in wanted):
        return 1
    fits = all(any(word.startswith(part) for word in words) for part in wanted)
    return 2 if fits else None


def _plain(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())
