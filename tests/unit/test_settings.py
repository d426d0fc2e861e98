import pytest

from modelfoundry.errors import InvalidInputError
from modelfoundry.settings import Settings


def test_what_is_not_set_keeps_its_default(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MODELFOUNDRY_SLOTS", "")

    settings = Settings.from_environment()

    assert (settings.slots, settings.requests_per_minute) == (0, 1200)


def test_a_limit_in_megabytes_becomes_bytes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MODELFOUNDRY_UPLOAD_LIMIT_MB", "2")

    assert Settings.from_environment().upload_limit_bytes == 2_097_152  # 2 * 1024 * 1024


def test_names_are_separated_by_commas_or_spaces(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MODELFOUNDRY_HOSTS", "one.example, two.example")

    assert Settings.from_environment().hosts == ("one.example", "two.example")


@pytest.mark.parametrize("given", ["many", "-1", "1.5"])
def test_a_number_that_is_none_is_refused_with_the_name_of_its_variable(
    given: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("MODELFOUNDRY_SLOTS", given)

    with pytest.raises(InvalidInputError, match=f"MODELFOUNDRY_SLOTS is '{given}'"):
        Settings.from_environment()
