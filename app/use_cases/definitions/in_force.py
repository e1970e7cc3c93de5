"""What is in force, file by file: versions, what each file defines and asks for, and all names that are known."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.storage import definitions, organisations
from app.storage.definitions import DefinitionVersion
from app.texts import Text
from app.use_cases.applications.pull_back import DELETE, WITHDRAW
from app.use_cases.contracts.contract_access import MESSAGE as SIGNED
from app.use_cases.definitions.check_file import check_file
from app.use_cases.definitions.example_files import table_of
from app.use_cases.definitions.file_kinds import EXAMPLES
from app.use_cases.definitions.verdicts import CheckedFile
from app.use_cases.disposals.take_proceeds import PROCEEDS_RECEIVED
from app.use_cases.loans.take_receipt import REPAYMENT_BOOKED
from app.use_cases.loans.tell_of_close import BILL_DUE, BILL_EXCEPTION, CURED, LOAN_SETTLED, OVERDUE, STAGE_ENTERED
from app.use_cases.operations import OPERATIONS
from app.use_cases.payments.believe import PAYMENT_RESULT

# messages that the product itself throws, whatever is drawn
THROWN = (
    *(BILL_DUE, OVERDUE, STAGE_ENTERED, CURED, LOAN_SETTLED, BILL_EXCEPTION, REPAYMENT_BOOKED),
    *(PROCEEDS_RECEIVED, PAYMENT_RESULT, SIGNED, WITHDRAW, DELETE),
)
CACHED = 512

# a file never changes, so what it says may be kept by its hash
_described: OrderedDict[str, CheckedFile] = OrderedDict()


@dataclass(frozen=True)
class InForce:
    """Path -> newest version, and path -> what that file says."""

    versions: dict[str, DefinitionVersion]
    described: dict[str, CheckedFile]

    def path_of(self, kind: str, key: str) -> str | None:
        """The path of the file of a kind that defines the key."""
        return next((path for path, one in self.described.items() if one.kind == kind and key in one.keys), None)


def load_in_force(session: Session) -> InForce:
    """Everything in force; files are read once a process."""
    versions = definitions.newest(session)
    described = describe(session, ((path, row.sha256) for path, row in versions.items()))
    return InForce(versions, named_by_table(described, described))


def named_by_table(files: dict[str, CheckedFile], others: Mapping[str, CheckedFile]) -> dict[str, CheckedFile]:
    """The files, those of examples named after their table where it is among `files` or `others`."""
    tables = {path: one.name for path, one in {**others, **files}.items() if one.kind == "rules"}
    found = {}
    for path, one in files.items():
        name = tables.get(table_of(path)) if one.kind == EXAMPLES else None
        found[path] = one if name is None else replace(one, name=Text(f"{name.zh}：用例", f"{name.of('en')}: examples"))
    return found


def describe(session: Session, files: Iterable[tuple[str, str]]) -> dict[str, CheckedFile]:
    """What published files say, by path; `files` are (path, SHA-256)."""
    wanted = dict(files)
    missing = {sha256 for sha256 in wanted.values() if sha256 not in _described}
    contents = definitions.contents(session, missing) if missing else {}
    found = {}
    for path, sha256 in wanted.items():
        if sha256 not in _described:
            _described[sha256] = check_file(path, contents[sha256])
            if len(_described) > CACHED:
                _described.popitem(last=False)
        found[path] = _described.get(sha256) or check_file(path, contents[sha256])
    return found


@dataclass(frozen=True)
class KnownNames:
    """Every name that a file may ask for, by sort (see verdicts.Asked), and the messages that somebody starts with."""

    by_sort: dict[str, frozenset[str]]

    def knows(self, sort: str, key: str) -> bool:
        return key in self.by_sort[sort]


def known_names(session: Session, in_force: InForce, uploaded: Iterable[CheckedFile]) -> KnownNames:
    """Names of the product, of what is in force and of what is uploaded with it."""
    uploaded = list(uploaded)
    replaced = {in_force.path_of(one.kind, key) for one in uploaded for key in one.keys}
    files = [one for path, one in in_force.described.items() if path not in replaced] + uploaded

    def keys(kind: str) -> frozenset[str]:
        return frozenset(key for one in files if one.kind == kind for key in one.keys)

    def named(sort: str) -> frozenset[str]:
        return frozenset(asked.key for one in files for asked in one.asked if asked.sort == sort)

    starts = frozenset(message for one in files for message in one.starts)
    return KnownNames(
        {
            "form": keys("forms"),
            "decision": keys("rules"),
            "process": keys("processes"),
            "operation": frozenset(OPERATIONS),
            "role": frozenset(organisations.roles_by_key(session)),
            "caught": named("thrown") | frozenset(THROWN),  # what may be caught is what somebody throws
            "thrown": named("caught") | starts,
        }
    )
