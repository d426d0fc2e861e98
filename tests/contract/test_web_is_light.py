import os
import subprocess
import sys
from pathlib import Path

HEAVY = {"torch", "torchvision", "onnx", "onnxruntime", "sklearn", "scipy"}
FIRST_ANSWER = """
import sys
from modelfoundry.api.app import create_app
from modelfoundry.bootstrap import build_services
from modelfoundry.settings import Settings

client = create_app(build_services(Settings.from_environment())).test_client()
assert client.get("/api/v1/cards").status_code == 200
assert client.get("/api/v1/datasets/digits/classes/3/samples").status_code == 200
assert client.get("/api/v1/algorithms?model=cnn-digits").status_code == 200
wanted = {"model": "cnn-digits", "target": {"classes": ["3"]}}
assert client.post("/api/v1/modularize", json=wanted).status_code == 202
print(*sorted(sys.modules), sep="\\n")
"""
EVERY_COMMAND = """
import sys
from modelfoundry.cli.commands import COMMANDS, cli

for name in COMMANDS:
    cli.get_command(None, name)
print(*sorted(sys.modules), sep="\\n")
"""


def imported_by(program: str, home: Path) -> set[str]:
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"MODELFOUNDRY_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return set(ended.stdout.split())


def test_the_web_process_answers_without_loading_torch(tmp_path: Path):
    assert imported_by(FIRST_ANSWER, tmp_path) & HEAVY == set()


def test_no_command_loads_torch_before_it_computes(tmp_path: Path):
    assert imported_by(EVERY_COMMAND, tmp_path) & HEAVY == set()
