"""The shipped drawings: fit to be looked at, and named in both languages wherever a person reads."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

ROOT = Path(__file__).parents[2]
DRAWINGS = sorted((ROOT / "processes").glob("*.bpmn"))
CHECKER = ROOT / "../shared/checks/drawing.py"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
MODELER = "{http://camunda.org/schema/modeler/1.0}"
CHINESE = re.compile(r"[一-鿿]")


def root_of(drawing: Path) -> etree._Element:
    return etree.parse(drawing).getroot()


def properties(element: etree._Element) -> dict[str, str]:
    path = f"{BPMN}extensionElements/{ZEEBE}properties/{ZEEBE}property"
    return {found.get("name", ""): found.get("value", "") for found in element.findall(path)}


def drawn(root: etree._Element) -> list[etree._Element]:
    """Every BPMN element that has a shape or an edge."""
    by_id = {element.get("id"): element for element in root.iter() if str(element.tag).startswith(BPMN)}
    shown = [*root.iter(f"{DI}BPMNShape"), *root.iter(f"{DI}BPMNEdge")]
    return [by_id[shape.get("bpmnElement")] for shape in shown]


def test_the_three_processes_of_origination_are_drawn() -> None:
    assert {"loan_intake", "initial_review", "second_review"} <= {drawing.stem for drawing in DRAWINGS}


@pytest.mark.skipif(not CHECKER.exists(), reason="the shared drawing checker is not on this machine")
@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda path: path.stem)
def test_a_drawing_has_no_fault(drawing: Path) -> None:
    done = subprocess.run([sys.executable, str(CHECKER), str(drawing)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda path: path.stem)
def test_everything_visible_is_named_in_chinese_and_english(drawing: Path) -> None:
    root = root_of(drawing)
    unnamed = [
        element.get("id")
        for element in [*drawn(root), *root.iter(f"{BPMN}process")]
        if not (etree.QName(element).localname == "sequenceFlow" and not element.get("name"))
        and not (CHINESE.search(element.get("name") or "") and properties(element).get("name_en"))
    ]
    assert unnamed == []


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda path: path.stem)
def test_a_choice_names_every_way_out(drawing: Path) -> None:
    root = root_of(drawing)
    silent = [
        flow.get("id")
        for gateway in root.iter(f"{BPMN}exclusiveGateway")
        if len(gateway.findall(f"{BPMN}outgoing")) > 1
        for flow in root.iter(f"{BPMN}sequenceFlow")
        if flow.get("sourceRef") == gateway.get("id")
        and not (
            flow.get("name")
            and (flow.get("id") == gateway.get("default") or flow.find(f"{BPMN}conditionExpression") is not None)
        )
    ]
    assert silent == []


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda path: path.stem)
def test_every_task_of_a_person_says_who_and_which_form(drawing: Path) -> None:
    for task in root_of(drawing).iter(f"{BPMN}userTask"):
        extension = task.find(f"{BPMN}extensionElements")
        assert extension is not None
        form = extension.find(f"{ZEEBE}formDefinition")
        groups = extension.find(f"{ZEEBE}assignmentDefinition")
        assert form is not None and groups is not None and groups.get("candidateGroups"), task.get("id")
        key = form.get("formId", "")
        assert key.startswith("=") or (ROOT / "forms" / f"{key}.form").exists(), key
        assert properties(task).get("duty"), task.get("id")


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda path: path.stem)
def test_the_lane_of_a_task_is_that_of_its_group(drawing: Path) -> None:
    root = root_of(drawing)
    role_of = {
        reference.text: properties(lane)["role"]
        for lane in root.iter(f"{BPMN}lane")
        for reference in lane.findall(f"{BPMN}flowNodeRef")
    }
    for inside in root.iter(f"{BPMN}subProcess"):  # a lane names the sub-process, which holds its tasks
        role_of |= {task.get("id"): role_of[inside.get("id")] for task in inside.iter(f"{BPMN}userTask")}
    for task in root.iter(f"{BPMN}userTask"):
        groups = task.find(f"{BPMN}extensionElements/{ZEEBE}assignmentDefinition")
        assert groups is not None
        assert role_of[task.get("id")] in groups.get("candidateGroups", ""), task.get("id")


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda path: path.stem)
def test_a_drawing_is_pinned_to_the_dialect(drawing: Path) -> None:
    root = root_of(drawing)
    assert root.get(f"{MODELER}executionPlatform") == "Camunda Cloud"
    assert root.get(f"{MODELER}executionPlatformVersion", "").startswith("8.6")


def test_every_refusal_tells_the_borrower_before_it_ends() -> None:
    for drawing in DRAWINGS:
        root = root_of(drawing)
        by_id = {element.get("id"): element for element in root.iter() if element.get("id")}
        for end in root.iter(f"{BPMN}endEvent"):
            if properties(end).get("milestone") not in ("refused", "not_eligible", "lapsed", "declined"):
                continue
            before = [
                by_id[flow.get("sourceRef")]
                for flow in root.iter(f"{BPMN}sequenceFlow")
                if flow.get("targetRef") == end.get("id")
            ]
            types = [task.get("type") for step in before for task in step.iter(f"{ZEEBE}taskDefinition")]
            assert types == ["notify_party"] * len(before) and before, end.get("id")
