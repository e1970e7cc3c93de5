"""The code base keeps its contracts, and each contract fails on a planted violation."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture_rules import RULES, Rule

PROJECT = Path(__file__).parents[1]
CONTRACTS = PROJECT / "tests" / "importlinter.ini"
LINT = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(config_filename={!r}, no_cache=True))"

# contract's name -> (module, line planted in it)
PLANTED_IMPORTS = {
    "Imports go one way, and every part of the product has a layer": ("app/feel/planted.py", "import app.engine"),
    "Pages, commands and jobs talk to use cases only": ("app/web/planted.py", "import app.storage.outbox"),
    "Flask stays at the edge": ("app/use_cases/planted.py", "import flask"),
    "SpiffWorkflow stays in the engine": ("app/use_cases/planted_spiff.py", "import SpiffWorkflow.bpmn"),
    "Only jobs and gateways know Redis and rq": ("app/web/planted_redis.py", "import redis"),
    "The supervisor and the sandboxes do not carry the web stack": (
        "app/sandbox_bank/planted.py",
        "from app.use_cases import dispatch",
    ),
}
DIAGRAM = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL">
<bpmn:process id="pledge_release"><bpmn:laneSet><bpmn:lane id="lane_1" name="仓库管理员"/></bpmn:laneSet>
<bpmn:userTask id="count_stock"/><bpmn:userTask id="count"/>
</bpmn:process></bpmn:definitions>"""
LONG_FUNCTION = "def planted() -> None:\n" + "    print(1)\n" * 70
# rule -> violations, each of which it must see by itself: (file, text)
PLANTED_CODE = {
    "no_dynamic_code": [
        ("app/engine/planted.py", "eval('1')"),
        ("app/engine/planted.py", "exec('1')"),
        ("app/engine/planted.py", "import pickle"),
        ("app/engine/planted.py", "from marshal import loads"),
    ],
    "one_commit_site": [
        ("app/use_cases/planted.py", "def f(session):\n    session.commit()"),
        ("app/storage/planted.py", "def f(session):\n    done = session.commit\n    done()"),
    ],
    "no_broad_except_inside": [
        ("app/use_cases/planted.py", "try:\n    pass\nexcept Exception:\n    pass"),
        ("app/storage/planted.py", "try:\n    pass\nexcept:\n    pass"),
        ("app/engine/planted.py", "try:\n    pass\nexcept (KeyError, BaseException):\n    pass"),
    ],
    "small_files": [("app/feel/planted.py", "x = 1\n" * 301)],
    "small_functions": [("app/web/planted.py", LONG_FUNCTION)],
    "every_module_says_what_it_is_for": [("app/feel/planted.py", "x = 1")],
    "sqlalchemy_in_storage_only": [
        ("app/web/planted.py", "from sqlalchemy import select"),
        ("app/use_cases/planted.py", "from sqlalchemy import text"),
        ("app/jobs/planted.py", "import sqlalchemy.orm"),
    ],
    "no_name_of_a_diagram_in_python": [
        ("app/web/planted.py", "x = 'pledge_release'"),
        ("app/web/planted.py", "# after count_stock"),
        ("app/web/planted.py", "x = 'count'"),
        ("app/web/planted.py", "x = '仓库管理员'"),
    ],
}


def linted(folder: Path) -> subprocess.CompletedProcess[str]:
    """What import-linter says of the app in `folder`."""
    return subprocess.run(
        [sys.executable, "-c", LINT.format(str(CONTRACTS))], cwd=folder, capture_output=True, text=True, check=False
    )


def broken(output: str) -> list[str]:
    return re.findall(r"^(.+) BROKEN", output, re.MULTILINE)


def copy_of_the_app(folder: Path) -> None:
    shutil.copytree(
        PROJECT / "app", folder / "app", ignore=shutil.ignore_patterns("__pycache__", "static", "templates")
    )


def plant(folder: Path, file: str, text: str) -> None:
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    (folder / file).write_text(text + "\n", "utf-8")


def test_every_import_contract_is_kept() -> None:
    result = linted(PROJECT)

    assert result.returncode == 0, result.stdout + result.stderr


@pytest.fixture(scope="module")
def lint_with_planted_imports(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("planted")
    copy_of_the_app(folder)
    for file, line in PLANTED_IMPORTS.values():
        plant(folder, file, line)
    return linted(folder).stdout


def test_every_import_contract_has_a_planted_violation() -> None:
    names = re.findall(r"^name = (.+)$", CONTRACTS.read_text("utf-8"), re.MULTILINE)

    assert sorted(names) == sorted(PLANTED_IMPORTS)


@pytest.mark.parametrize("contract", PLANTED_IMPORTS)
def test_an_import_contract_names_the_planted_import(contract: str, lint_with_planted_imports: str) -> None:
    report = lint_with_planted_imports.split("Broken contracts")[1]
    section = re.split(r"^(.+)\n-+$", report, flags=re.MULTILINE)
    says = dict(zip(section[1::2], section[2::2], strict=True))[contract]

    module = PLANTED_IMPORTS[contract][0].removesuffix(".py").replace("/", ".")
    assert module in says


def test_a_package_without_a_layer_breaks_the_layers(tmp_path: Path) -> None:
    copy_of_the_app(tmp_path)
    plant(tmp_path, "app/helpers.py", "x = 1")

    result = linted(tmp_path)

    assert broken(result.stdout) == ["Imports go one way, and every part of the product has a layer"]
    assert "helpers" in result.stdout


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_rule_of_the_code_base_is_kept(rule: Rule) -> None:
    assert rule(PROJECT) == []


def planted_code() -> Iterator[object]:
    for rule in RULES:
        for number, (file, text) in enumerate(PLANTED_CODE[rule.__name__], 1):
            yield pytest.param(rule, file, text, id=f"{rule.__name__}-{number}")


@pytest.mark.parametrize(("rule", "file", "text"), list(planted_code()))
def test_a_rule_sees_the_planted_violation(rule: Rule, file: str, text: str, tmp_path: Path) -> None:
    plant(tmp_path, "processes/pledge.bpmn", DIAGRAM)
    plant(tmp_path, "app/storage/database.py", '"""Fine."""\n\n\ndef f(session):\n    session.commit()')
    plant(
        tmp_path, "app/web/fine.py", '"""Counting (review) is fine."""\n\ntry:\n    pass\nexcept Exception:\n    raise'
    )
    assert rule(tmp_path) == []

    plant(tmp_path, file, text)

    (violation,) = rule(tmp_path)
    assert violation.startswith(file)


def test_the_supervisor_process_loads_neither_flask_nor_sqlalchemy() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, app.supervisor.__main__; print(*sys.modules)"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    assert "app.config" in loaded
    assert not {"flask", "sqlalchemy", "SpiffWorkflow", "redis", "rq"} & set(loaded)
