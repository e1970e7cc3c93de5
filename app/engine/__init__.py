"""The process engine: Camunda 8 diagrams on SpiffWorkflow's task tree; a state goes in, an Outcome comes out."""

from app.engine.collaboration import CollaborationFacts, MessageFlow, collaboration_facts
from app.engine.definition import Element, Flow, ProcessDefinition
from app.engine.facts import ProcessFacts, TaskFacts, process_facts
from app.engine.failures import EngineFailure, NotWaiting, UncaughtError
from app.engine.outcome import (
    Decided,
    OperationCall,
    Outcome,
    Step,
    Subscription,
    ThrownMessage,
    Timer,
    UserTask,
)
from app.engine.outline import Outline, outline
from app.engine.reading import read_processes
from app.engine.release import ENGINE_VERSION, Release, load_release, parse_release
from app.engine.running import complete_operation, complete_task, deliver_message, fail_operation, fire_timers, start

__all__ = [
    "ENGINE_VERSION",
    "CollaborationFacts",
    "Decided",
    "Element",
    "EngineFailure",
    "Flow",
    "MessageFlow",
    "NotWaiting",
    "OperationCall",
    "Outcome",
    "Outline",
    "ProcessDefinition",
    "ProcessFacts",
    "Release",
    "Step",
    "Subscription",
    "TaskFacts",
    "ThrownMessage",
    "Timer",
    "UncaughtError",
    "UserTask",
    "collaboration_facts",
    "complete_operation",
    "complete_task",
    "deliver_message",
    "fail_operation",
    "fire_timers",
    "load_release",
    "outline",
    "parse_release",
    "process_facts",
    "read_processes",
    "start",
]
