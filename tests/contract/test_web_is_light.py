import os
import subprocess
import sys
from pathlib import Path

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


def test_the_web_process_answers_without_loading_torch(tmp_path: Path):
    answered = subprocess.run(
        [sys.executable, "-c", FIRST_ANSWER],
        env=os.environ | {"MODELFOUNDRY_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert answered.returncode == 0, answered.stderr
    heavy = {"torch", "torchvision", "onnx", "onnxruntime", "sklearn", "scipy"}
    assert heavy & set(answered.stdout.split()) == set()
