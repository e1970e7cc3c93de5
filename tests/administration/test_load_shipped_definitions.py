"""Shipped diagrams, forms and rules are published once, and an analyst's release is not overwritten."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import engine
from app.config import PROJECT_DIRECTORY
from app.errors import DefinitionRefused
from app.storage.database import reading
from app.storage.releases import ProcessDefinition, Product, Release
from app.use_cases.administration.load_shipped_definitions import load_shipped_definitions, read_definitions
from app.use_cases.definitions.publish import publish


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """A copy of the product's files that a test may change."""
    for folder in ("processes", "forms", "rules"):
        shutil.copytree(PROJECT_DIRECTORY / folder, tmp_path / folder)
    return tmp_path


def in_force() -> dict[str, str]:
    with reading() as session:
        return {row.process_key: row.release_id for row in session.scalars(select(ProcessDefinition))}


def releases() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(Release)) or 0


def change(directory: Path, name: str = "loan_intake") -> None:
    file = directory / "processes" / f"{name}.bpmn"
    file.write_text(file.read_text("utf-8").replace("</bpmn:process>", "<!-- changed --></bpmn:process>"), "utf-8")


def test_the_first_load_publishes_every_process_and_its_products(installation: Flask) -> None:
    shipment = load_shipped_definitions()
    assert {one.process_key for one in shipment.published if one.changed} == set(in_force()) != set()
    with reading() as session:
        assert set(session.scalars(select(Product.key))) == {"working-capital", "trade-order", "warehouse-receipt"}


def test_a_second_load_parses_nothing(installation: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    load_shipped_definitions()
    parsed: list[bytes] = []
    monkeypatch.setattr(engine, "process_facts", lambda content: parsed.append(content))
    assert load_shipped_definitions().published == () and parsed == []


def test_a_newer_version_of_a_file_makes_a_new_release_of_its_process_only(installation: Flask, shipped: Path) -> None:
    load_shipped_definitions(shipped)
    before = in_force()
    change(shipped)
    load_shipped_definitions(shipped)
    changed = {key for key, release in in_force().items() if release != before[key]}
    assert changed == {"loan_intake"} and releases() == len(before) + 1


def test_what_an_analyst_published_stays_in_force(installation: Flask, shipped: Path) -> None:
    load_shipped_definitions(shipped)
    change(shipped)
    publish(read_definitions(shipped))
    analysts = in_force()["loan_intake"]
    change(shipped)
    assert load_shipped_definitions(shipped).kept == ("loan_intake",)
    assert in_force()["loan_intake"] == analysts
    assert load_shipped_definitions(shipped).kept == ()


def test_a_broken_file_publishes_nothing(installation: Flask, shipped: Path) -> None:
    (shipped / "processes" / "loan_intake.bpmn").write_text("<no>xml", "utf-8")
    with pytest.raises(DefinitionRefused):
        load_shipped_definitions(shipped)
    assert in_force() == {} and releases() == 0
