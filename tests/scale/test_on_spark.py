"""The recipe of docs/scale.md, run as it stands there (make test-scale, where there is Java)."""

import re
import shutil
import subprocess
import sys

import pytest

from tests.support.scored_parts import PROJECT, RUBRIC, digest_of_lines, digest_of_parts, rows, written

pytest.importorskip("pyspark", reason="Spark is not installed: make test-scale")


@pytest.mark.skipif(not shutil.which("java"), reason="Spark needs Java, and there is none on this machine")
def test_the_recipe_as_it_stands(tmp_path):
    (recipe,) = re.findall(r"```python\n(.*?mapInArrow.*?)```", (PROJECT / "docs" / "scale.md").read_text(), re.DOTALL)
    drafts = written(tmp_path / "drafts.parquet", rows(200), 50)
    replaced = {"tenacious-v3.yml": str(RUBRIC), "drafts.parquet": str(drafts), '"scores"': f'"{tmp_path / "scores"}"'}
    for there, here in replaced.items():
        assert there in recipe
        recipe = recipe.replace(there, here)
    assert len(recipe.strip().splitlines()) <= 12
    (tmp_path / "recipe.py").write_text(recipe)
    local = {
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_SUBMIT_ARGS": "--master local[2] --conf spark.ui.enabled=false pyspark-shell",
    }
    ran = subprocess.run(
        [sys.executable, str(tmp_path / "recipe.py")],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": str(PROJECT), "SPARK_LOCAL_IP": "127.0.0.1", **local},
        capture_output=True,
        text=True,
        timeout=170,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert digest_of_parts(tmp_path / "scores") == digest_of_lines(rows(200))
