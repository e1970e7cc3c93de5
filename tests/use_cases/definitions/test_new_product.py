"""A product is one diagram, one form and one rule table in a folder: no line of Python."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.config import PROJECT_DIRECTORY
from app.storage.database import reading, unit_of_work
from app.storage.organisations import FunderProduct
from app.use_cases.administration.load_shipped_definitions import load_shipped_definitions, read_definitions
from app.use_cases.applications.pull_back import pull_back
from app.use_cases.applications.show_catalogue import CatalogueEntry, show_catalogue
from app.use_cases.definitions.publish import publish
from app.use_cases.tasks.show_task import show_task
from tests.desk import FIRM, MANAGER, Desk
from tests.use_cases.lookups import told

FILES = Path(__file__).with_name("equipment")
FORM = "equipment-application"
ENTERED = {
    "requested_amount": "800000.00",
    "term_months": "24",
    "machine": "五轴数控机床",
    "machine_price": "1200000.00",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped definitions with the three files of equipment finance beside them."""
    for name in ("processes", "forms", "rules"):
        shutil.copytree(PROJECT_DIRECTORY / name, tmp_path / "definitions" / name)
    for kind, ending in (("processes", "bpmn"), ("forms", "form"), ("rules", "dmn")):
        for file in FILES.glob(f"*.{ending}"):
            shutil.copyfile(file, tmp_path / "definitions" / kind / file.name)
    return tmp_path / "definitions"


@pytest.fixture
def equipment_desk(desk: Desk, folder: Path) -> Desk:
    """The demo after somebody published the folder and Zhijiang Bank took the product up."""
    with desk.app.app_context():
        publish(read_definitions(folder))
        with unit_of_work() as session:
            session.add(FunderProduct(organisation_id=desk.organisation("zhijiang").id, product_key="equipment"))
    return desk


def offered(desk: Desk) -> list[CatalogueEntry]:
    actor = desk.actor(FIRM)
    with desk.app.app_context():
        return [entry for entry in show_catalogue(actor) if entry.product_key == "equipment"]


def applied(desk: Desk, **changes: str) -> str:
    number = desk.start(FIRM, "equipment")
    desk.complete(FIRM, number, FORM, ENTERED | changes)
    return number


def test_the_new_product_stands_in_the_catalogue_in_both_languages(equipment_desk: Desk) -> None:
    (entry,) = offered(equipment_desk)
    assert (entry.name.zh, entry.name.en) == ("设备融资", "Equipment finance")


def test_a_firm_applies_and_the_case_reaches_somebody_of_the_bank(equipment_desk: Desk) -> None:
    number = applied(equipment_desk)

    case = equipment_desk.case(number)
    assert (case.milestone, str(case.amount), case.term_months) == ("submitted", "800000.00", 24)
    (task,) = equipment_desk.open_tasks(number)
    assert task.name.zh == "核对设备" and task.variables["machine"] == "五轴数控机床"
    equipment_desk.complete_task(MANAGER, task.id, {})
    assert [one.status for one in equipment_desk.instances(number)] == ["completed"]


def test_the_new_form_asks_for_its_own_field(equipment_desk: Desk) -> None:
    number = equipment_desk.start(FIRM, "equipment")
    actor, task_id = equipment_desk.actor(FIRM), equipment_desk.task(number, FORM).id

    with equipment_desk.app.app_context():
        nodes = show_task(actor, task_id).nodes

    assert "设备名称" in [node.label.zh for node in nodes]


def test_the_new_rule_table_decides(equipment_desk: Desk) -> None:
    number = applied(equipment_desk, machine_price="900000.00")

    assert equipment_desk.case(number).milestone == "not_eligible"
    assert "设备价格的七成" in told(equipment_desk, number, "qingxi")[0]


def test_the_products_that_were_there_stay_as_they_were(equipment_desk: Desk) -> None:
    number = equipment_desk.submit(FIRM)

    assert equipment_desk.case(number).milestone == "accepted"


def test_a_product_that_shares_the_opening_message_starts_for_its_own_cases_only(desk: Desk, folder: Path) -> None:
    files = read_definitions(folder)
    drawn = "processes/equipment_intake.bpmn"
    with desk.app.app_context():
        publish(files | {drawn: files[drawn].replace(b"EquipmentOpened", b"ApplicationOpened")})
    number, actor = desk.submit(FIRM), desk.actor(FIRM)

    with desk.app.app_context():
        pull_back(actor, number)
    desk.work()

    assert [one.round for one in desk.instances(number) if one.process_key == "loan_intake"] == ["1", "2"]
    assert [one for one in desk.instances(number) if one.process_key == "equipment_intake"] == []


def test_the_folder_can_be_shipped(desk: Desk, folder: Path) -> None:
    with desk.app.app_context():
        shipment = load_shipped_definitions(folder)

    assert [one.process_key for one in shipment.published if one.changed] == ["equipment_intake"]
    with desk.app.app_context(), reading() as session:
        assert session.get(FunderProduct, (desk.organisation("zhijiang").id, "equipment")) is None
    assert offered(desk) == []
