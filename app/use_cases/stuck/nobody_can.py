"""Tasks that nobody can do: no organisation, no active person with the role, all barred, or held by who has left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.storage import open_work, organisations, people
from app.storage.cases import LoanCase
from app.storage.open_work import Pair
from app.storage.organisations import Role
from app.storage.people import Person
from app.storage.user_tasks import UserTask
from app.texts import Text
from app.use_cases.stuck.stuck_work import MOST_OF_A_KIND, Stuck, Suggestion, joined
from app.use_cases.tasks.offer_again import groups_of
from app.use_cases.tasks.who_may import Candidates, candidates_of

OTHER_ROLE = Text("改由其他角色办理…", "Offer to another role…")
AGAIN = Text("重新派发", "Offer again")
REASSIGN = Text("改派…", "Reassign…")
FREE = Text("放回待领取", "Make unclaimed")


@dataclass(frozen=True)
class _Words:
    """The names that causes need."""

    roles: Mapping[str, Role]
    places: Mapping[int, Text]
    people: Mapping[int, Person]

    def role(self, key: str) -> Text:
        return self.roles[key].name if key in self.roles else Text(f"（未登记）{key}", f"(not registered) {key}")

    def person(self, person_id: int) -> Text:
        found = self.people.get(person_id)
        return Text(found.name_zh, found.name_en) if found else Text("")


def nobody_can(session: Session) -> list[Stuck]:
    """Such tasks, the earliest due first, at most MOST_OF_A_KIND.

    Tasks that may be meant are picked by a few queries over all, and only these are looked at one by one.
    """
    staff = open_work.staff(session)
    suspects = open_work.offered_to_any(session, set(open_work.offered_pairs(session)) - set(staff), MOST_OF_A_KIND)
    for pick in (open_work.offered_to_nobody, open_work.held_by_strangers):
        suspects |= pick(session, MOST_OF_A_KIND)
    suspects |= set(_all_barred(session, staff)[:MOST_OF_A_KIND])
    work = open_work.with_cases(session, suspects)
    who, places = candidates_of(session, work), open_work.places(session, list(suspects))
    words = _words(session, work, who, places)
    found = [_stuck(session, task, case, who[task.id], places.get(task.id, set()), words) for task, case in work]
    return [one for one in found if one is not None][:MOST_OF_A_KIND]


def _all_barred(session: Session, staff: Mapping[Pair, set[int]]) -> list[int]:
    """Tasks with a role all of whose people are barred: mostly somebody else of the role is not."""
    return [
        task_id
        for task_id, pairs in open_work.barred_candidates(session).items()
        if any(staff.get(pair, set()) <= people for pair, people in pairs.items())
    ]


def _words(
    session: Session,
    work: list[tuple[UserTask, LoanCase]],
    who: Mapping[int, Candidates],
    places: Mapping[int, set[Pair]],
) -> _Words:
    ids = {person for one in who.values() for person in one.barred} | {t.claimed_by for t, _ in work if t.claimed_by}
    return _Words(
        organisations.roles_by_key(session),
        organisations.names(session, {place for pairs in places.values() for place, _ in pairs}),
        people.names(session, ids),
    )


def _stuck(
    session: Session, task: UserTask, case: LoanCase, who: Candidates, pairs: set[Pair], words: _Words
) -> Stuck | None:
    keys = [role for _, role in sorted(pairs)] or groups_of(session, task)
    roles = joined([words.role(key) for key in keys])
    places = joined([words.places[place] for place, _ in sorted(pairs) if place in words.places])
    if task.claimed_by is not None and task.claimed_by not in who.able:
        why, acts = _holder(task, who, words)
    elif who.able:
        return None
    else:
        why, acts = _none(task, who, bool(pairs), roles, places, words)
    return Stuck(
        kind="nobody",
        since=task.created_at,
        what=task.name,
        whose=Text(f"{places.zh} {roles.zh}".strip(), f"{places.of('en')} {roles.of('en')}".strip()),
        why=why,
        case_number=case.number,
        company=case.applicant_name,
        acts=acts,
        task_id=task.id,
        holder_id=task.claimed_by,
    )


def _holder(task: UserTask, who: Candidates, words: _Words) -> tuple[Text, tuple[Suggestion, ...]]:
    assert task.claimed_by is not None
    holder, did = words.person(task.claimed_by), who.barred.get(task.claimed_by)
    key = f"{task.id}:{task.claimed_by}"
    acts = (Suggestion(FREE, act="free", key=key), Suggestion(REASSIGN, page="reassign", key=key))
    if did is not None:
        return Text(
            f"{holder.zh}领取了它，但办理过本申请的“{did.zh}”，须回避；别人领不了。",
            f'{holder.of("en")} claimed it but did "{did.of("en")}" in this case; nobody else can take it.',
        ), acts
    return Text(
        f"{holder.zh}领取了它，但已没有这个角色或账号已停用；别人领不了。",
        f"{holder.of('en')} claimed it but has the role no more, or is inactive; nobody else can take it.",
    ), acts


def _none(
    task: UserTask, who: Candidates, is_offered: bool, roles: Text, places: Text, words: _Words
) -> tuple[Text, tuple[Suggestion, ...]]:
    other = Suggestion(OTHER_ROLE, page="offer", key=str(task.id))
    if not is_offered:
        return Text(
            f"申请里没有角色“{roles.zh}”所属的机构，或角色没有登记；补好后重新派发。",
            f'The case has no organisation for the role "{roles.of("en")}", or the role is not registered; '
            "mend that, then offer it again.",
        ), (Suggestion(AGAIN, act="offer_again", key=str(task.id)), other)
    if who.barred:
        names = joined([words.person(person) for person in who.barred])
        did = joined(list(who.barred.values()))
        return Text(
            f"有“{roles.zh}”角色的人都须回避：{names.zh}办理过“{did.zh}”。给别人这个角色后自动可办。",
            f'Everybody with the role "{roles.of("en")}" is barred: {names.of("en")} did "{did.of("en")}". '
            "Give somebody else the role and it goes on by itself.",
        ), (other, Suggestion(Text("用户与角色", "People and roles"), page="people"))
    return Text(
        f"{places.zh}没有在岗的人有角色“{roles.zh}”。给人这个角色后自动可办。",
        f'{places.of("en")} has no active person with the role "{roles.of("en")}". '
        "Give somebody the role and it goes on by itself.",
    ), (other, Suggestion(Text("用户与角色", "People and roles"), page="people"))
