from tests.unit.cli.conftest import Command

from modelfoundry.settings import Home


def test_what_can_be_freed_is_listed_with_its_size_and_freed(run: Command, home: Home):
    home.downloads.mkdir()
    (home.downloads / "weights.pt").write_bytes(b"x" * 3 * 2**20)

    listed = run("storage", "list")[1]
    assert [word for word in ("downloads", "weights.pt", "3.0") if word not in listed] == []

    assert run("storage", "clean", "downloads")[1] == "Freed 3.0 MB\n"
    assert list(home.downloads.iterdir()) == []


def test_models_are_never_cleaned_up(run: Command, home: Home):
    status, _, err = run("storage", "clean", "models")

    assert status != 0
    assert "'models' is not one of" in err
    assert (home.models / "toy").is_dir()
