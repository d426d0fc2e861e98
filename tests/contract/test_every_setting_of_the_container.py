import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_setting_that_is_documented_for_containers_reaches_the_backend():
    table = (ROOT / "docs/deployment.md").read_text()
    compose = (ROOT / "docker-compose.yml").read_text()

    documented = re.findall(r"^\| `(MODELFOUNDRY_\w+)`", table, re.MULTILINE)
    passed_on = re.findall(r"^ +(MODELFOUNDRY_\w+): \$\{\1:-", compose, re.MULTILINE)

    assert sorted(documented) == sorted(passed_on)
