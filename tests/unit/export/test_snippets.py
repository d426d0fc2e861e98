import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.export.conftest import WrittenBundle

from modelfoundry.export.snippets import load_snippets

NODE_MODULES = Path(__file__).parents[3] / "vue_project" / "node_modules"


@pytest.mark.parametrize("name", ["onnx", "pt2", "safetensors"])
def test_the_loading_code_runs_as_it_stands_beside_the_files(bundle: WrittenBundle, name: str):
    ran = subprocess.run(
        [sys.executable, "-I", "-c", bundle.manifest["load"][name]],
        cwd=bundle.folder,
        env=os.environ | {"ORT_DISABLE_TELEMETRY": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stderr == ""
    assert ran.stdout.strip() in {"cat", "not cat"}


def test_the_code_for_browsers_runs_with_the_engine_that_the_page_uses(
    bundle: WrittenBundle, tmp_path: Path
):
    (tmp_path / "node_modules").symlink_to(NODE_MODULES)
    (tmp_path / "module.onnx").symlink_to(bundle.folder / "module.onnx")
    (tmp_path / "page.mjs").write_text(bundle.manifest["load"]["browser"])

    ran = subprocess.run(
        ["node", "page.mjs"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert ran.stderr == ""
    assert ran.stdout.strip() in {"cat", "not cat"}


def test_the_onnx_code_needs_only_numpy_and_onnx_runtime(bundle: WrittenBundle):
    statements = ast.walk(ast.parse(bundle.manifest["load"]["onnx"]))
    names = [
        alias.name
        for statement in statements
        if isinstance(statement, (ast.Import, ast.ImportFrom))
        for alias in statement.names
    ]
    assert names == ["numpy", "onnxruntime"]


def test_class_names_cannot_become_code():
    hostile = '"]; raise SystemExit #'
    code = load_snippets(outputs=(hostile, "other"), input_shape=(1, 8, 8))["onnx"]
    assignment = ast.parse(code).body[2]
    assert isinstance(assignment, ast.Assign)
    assert ast.literal_eval(assignment.value) == [hostile, "other"]


def test_class_names_cannot_become_code_in_a_browser_either():
    hostile = '"]; alert(1); //'
    lines = load_snippets(outputs=(hostile, "other"), input_shape=(1, 8, 8))["browser"].splitlines()
    labels = lines[3].removeprefix("const labels = ").removesuffix(";")
    assert json.loads(labels) == [hostile, "other"]
