import pytest

from modelfoundry import __version__
from modelfoundry.settings import Home


def test_the_installation_describes_itself(client, home: Home):
    system = client.get("/api/v1/system").json

    assert system["version"] == __version__
    assert system["home"] == str(home.root)
    assert "models" in [folder["name"] for folder in system["folders"]]


def test_a_clean_up_says_what_it_has_freed(client, home: Home):
    home.downloads.mkdir()
    (home.downloads / "weights.pt").write_bytes(b"x" * 3)

    cleaned = client.delete("/api/v1/system/folders/downloads")

    assert (cleaned.status_code, cleaned.json) == (200, {"freed_bytes": 3})


@pytest.mark.parametrize("name", ["models", "..%2Fmodels", "%2e%2e"])
def test_nothing_else_is_cleaned_up(client, home: Home, name: str):
    assert client.delete(f"/api/v1/system/folders/{name}").status_code in (404, 405)
    assert (home.models / "toy").is_dir()
