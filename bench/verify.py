"""
Time `verify` over a library of ten thousand procedures with ten versions each, and `verify --since` over one day.

    python bench/verify.py                 10,000 x 10
    python bench/verify.py 1000            1,000 x 10
    python bench/verify.py 10000x2         10,000 x 2
    python bench/verify.py 10000 FOLDER    keep the home there, and take it up again next time

The chain, the texts beside it and the outbox are written by the program's own act, thousands of decisions in each; the
rows that follow from them are written directly, as the verbs would have written them; branches and index are brought up
to date by the projections themselves. So every promise can be asked of it, and a fault that is reported is a false one.

For each version somebody proposes, the network's leader sends it to approval, somebody agrees and it becomes a version:
four decisions. Each of nine municipalities takes half of the procedures into use, in lists of 500.

Then some routines are handled through the verbs, in the ways that take something away: one is heard and its words redacted, a
*hasteversjon* and a draft are refused, and after six years the rules delete what they are about. None of it is a fault.

Prints a line of JSON: seconds, of which on a processor, the most memory in MiB, and the faults by code, of which there must be none.
"""

# ruff: noqa: SLF001  the home is grown past the verbs, which would take days

import json
import re
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import insert

from bench.small_home import EDITOR, MEMBERS, a_text, approve
from samrutine import Library
from samrutine.actors import SYSTEM, Role
from samrutine.adoptions.answers import KINDS
from samrutine.adoptions.model import AdoptionState
from samrutine.days import norwegian_day
from samrutine.networks.model import PolicyId
from samrutine.networks.shared_library import SharedLibrary
from samrutine.procedures.ordering import sort_key
from samrutine.procedures.review import months_after
from samrutine.procedures.sections import section_moves, sections
from samrutine.procedures.text import TEXT_FORM, canonical
from samrutine.procedures.text import digest as digest_of
from samrutine.proposals.policy import Policy, PolicyRule
from samrutine.storage.decisions import Act, DecisionId, Entry
from samrutine.storage.rows import (
    AdoptionRow,
    ApprovalRow,
    InForceRow,
    ProcedureRow,
    ProposalRow,
    SectionRow,
    VersionRow,
    WaitingRow,
    WordsRow,
)

VERSIONS = 10
BEGAN = datetime(2018, 1, 2, 9, 0, tzinfo=UTC)
DAYS = 3000
LIST = 500
MIB = 1024
_FENCE = "\n---\n"
# What one approval by the leader is enough for, as a round pins it.
PINNED = asdict(
    Policy(
        PolicyId("maling"), "Måling", PolicyRule.N_PERSONS, approvals=1, municipalities=0, leader_must_agree=True,
        author_counts=False, author_municipality_counts=True, hearing_weeks=0,
    )
)  # fmt: skip


class Grown:
    """A library that is written version by version, in rounds: every procedure gets its first, then its second."""

    def __init__(self, library: Library, procedures: int, versions: int) -> None:
        self.library = library
        self.versions = versions
        self.writer = library._actor("skribent")
        self.leader = library._actor("leder")
        self.networks = [row.id for row in _settings(library).networks]
        # All subjects, so that no folder of the branch has more than a thousand routines.
        self.subjects = [row.id for row in _settings(library).subjects]
        self.ids = [f"rutine-{n:05d}" for n in range(procedures)]
        self.heads: dict[str, tuple[str, tuple[object, ...]]] = {}
        self.bodies: dict[int, tuple[object, ...]] = {}

    def grow(self) -> None:
        """Write everything."""
        rounds = [(n, minor) for minor in range(self.versions) for n in range(len(self.ids))]
        at = 250
        for start in range(0, len(rounds), at):
            now = BEGAN + timedelta(days=DAYS * start / len(rounds))
            self._versions(rounds[start : start + at], now, f"v-{start}")
        for town in self.library.municipalities():
            for start in range(0, len(self.ids) // 2, LIST):
                ids = self.ids[start : min(start + LIST, len(self.ids) // 2)]
                self._use(town.number, ids, BEGAN + timedelta(days=DAYS + 1), f"u-{town.number}-{start}")

    def _versions(self, rounds: Sequence[tuple[int, int]], now: datetime, name: str) -> None:
        decisions = self.library._parts.decisions
        with decisions.act(DecisionId(name), "bench", {}, by=self.writer, now=now) as act:
            rows: dict[type, list[dict[str, object]]] = {}
            entries: list[Entry] = []
            for n, minor in rounds:
                entries += self._version(act, n, minor, act.head.number + len(entries) + 1, rows)
            act.record_many(entries)
            for table, values in rows.items():
                act.session.execute(insert(table), values)
            act.count("versions", len(rounds))
            act.count("proposals", len(rounds))

    def _version(
        self, act: Act, n: int, minor: int, number: int, rows: dict[type, list[dict[str, object]]]
    ) -> list[Entry]:
        procedure = self.ids[n]
        network, day = self.networks[n % len(self.networks)], act.today
        subject = self.subjects[n % len(self.subjects)]
        content, parted = self._text(procedure, network, subject, n, minor)
        digest, body, proposal = digest_of(content), f"network:{network}", f"f-{n}-{minor}"
        significance = "minor" if minor else "major"
        proposed = {"proposal": proposal, "procedure": procedure, "digest": digest, "change": "change" if minor else "new",
                    "base": f"1.{minor - 1}" if minor else None}  # fmt: skip
        about = {"proposal": proposal, "procedure": procedure, "digest": digest}
        version = {
            "procedure": procedure, "version": f"1.{minor}", "digest": digest, "text_form": TEXT_FORM, "folder": subject,
            "previous_folder": subject if minor else None, "access": "open", "previous_access": "open" if minor else None,
            "significance": significance, "proposal": proposal, "approvals": [number + 2],
        }  # fmt: skip

        def put(table: type, **values: object) -> None:
            rows.setdefault(table, []).append(values)

        title = f"Rutine {n:05d}"
        put(WordsRow, digest=digest, content=content)
        put(
            ProposalRow, id=proposal, procedure_id=procedure, kind=proposed["change"], state="approved", title=title,
            network=network, author_actor=self.writer, base_version=proposed["base"],
            base_digest=self.heads[procedure][0] if minor else None, text=content, digest=digest,
            significance=significance, policy=json.dumps(PINNED), opened_at=act.now, sent_at=act.now, closed_at=act.now,
            opened_number=number, access="open",
        )  # fmt: skip
        put(
            ApprovalRow, decided_number=number + 2, proposal_id=proposal, actor_id=self.leader, role="leader", digest=digest,
            network=network, municipality=None,
        )  # fmt: skip
        put(
            VersionRow, procedure_id=procedure, major=1, minor=minor, digest=digest, text_form=TEXT_FORM, title=title,
            significance=significance, proposal_id=proposal, approved_on=day, approved_by=network,
            decided_number=number + 3, hurried=False, access="open",
        )  # fmt: skip
        self._sections(procedure, minor, parted, rows)
        if minor == 0:
            self._begin(act, procedure, number + 3, rows)
            act.count("procedures", 1)
        head = {
            "id": procedure, "title": title, "sort_title": sort_key(title), "kind": "routine", "language": "nb",
            "network": network, "co_networks": "", "folder": subject, "access": "open", "decision_level": "head-of-service",
            "review_interval_months": 24, "next_review": months_after(day, 24), "major": 1, "minor": minor, "digest": digest,
        }  # fmt: skip
        if minor == 0:
            act.session.execute(insert(ProcedureRow), [head])
        else:
            row = act.session.get_one(ProcedureRow, procedure)
            row.minor, row.digest, row.next_review = minor, digest, head["next_review"]
        self.heads[procedure] = digest, parted
        return [
            Entry("proposed", body, Role.EMPLOYEE, procedure, facts=proposed),
            Entry("proposal_sent", body, Role.LEADER, procedure, facts={**about, "policy": PINNED, "needed": 1}, by=self.leader),
            Entry("approval_given", body, Role.LEADER, procedure,
                  facts={**about, "municipality": None, "network": network, "standing": {"given": 1, "needed": 1}}, by=self.leader),
            Entry("version_approved", body, Role.MEMBER, procedure, facts=version, touches=(f"procedure:{procedure}",), by=SYSTEM),
        ]  # fmt: skip

    def _text(self, procedure: str, network: str, subject: str, n: int, minor: int) -> tuple[bytes, tuple[object, ...]]:
        """Give a text of a page, and its sections: these differ by few words, and are divided once a version."""
        plain = a_text(minor).decode()
        for old, new in (
            (f"id: rutine-{minor:03d}", f"id: {procedure}"), (f"title: Rutine {minor:03d}", f"title: Rutine {n:05d}"),
            ("network: smittevern", f"network: {network}"), ("subjects: [smittevern]", f"subjects: [{subject}]"),
        ):  # fmt: skip
            plain = plain.replace(old, new)
        plain = plain.replace("## Omfang", f"Gjelder nummer {n}.\n\n## Omfang", 1)
        if n == 0:
            self._shape = {**getattr(self, "_shape", {}), minor: canonical(plain.encode(), procedure).decode()}
        content = self._shape[minor]
        for old, new in (
            (f"id: {self.ids[0]}\n", f"id: {procedure}\n"), ("title: Rutine 00000\n", f"title: Rutine {n:05d}\n"),
            ("Gjelder nummer 0.", f"Gjelder nummer {n}."),
        ):  # fmt: skip
            content = content.replace(old, new)
        content = re.sub(r"(?m)^network: .*$", f"network: {network}", content, count=1)
        content = re.sub(
            r"(?m)^(subjects:\n- |subjects:\n  - |subjects: \[)[a-z-]+", rf"\g<1>{subject}", content, count=1
        )
        if minor not in self.bodies:
            self.bodies[minor] = sections(_body(content))
        parted = tuple(
            type(one)(one.key, one.heading, one.level, one.line, re.sub(r"Gjelder nummer \d+\.", f"Gjelder nummer {n}.", one.text))
            for one in self.bodies[minor]
        )  # fmt: skip
        return content.encode(), parted

    def _sections(
        self, procedure: str, minor: int, parted: tuple[object, ...], rows: dict[type, list[dict[str, object]]]
    ) -> None:
        before = self.heads.get(procedure)
        earlier: dict[str, str] = {}
        if before is not None:
            earlier = {after: old for old, after in section_moves(before[1], parted).items() if after is not None}
        for position, one in enumerate(parted):
            rows.setdefault(SectionRow, []).append(
                {"procedure_id": procedure, "major": 1, "minor": minor, "key": one.key, "position": position,
                 "heading": one.heading, "level": one.level, "text_digest": digest_of(one.text.encode()),
                 "earlier_key": earlier.get(one.key)}
            )  # fmt: skip

    def _begin(self, act: Act, procedure: str, number: int, rows: dict[type, list[dict[str, object]]]) -> None:
        for town in self.towns:
            rows.setdefault(AdoptionRow, []).append(
                {"municipality": town, "procedure_id": procedure, "state": "to-consider", "decided_number": number}
            )
            rows.setdefault(WaitingRow, []).append(
                {"id": f"{procedure}:1.0:consider-version:municipality:{town}", "body": f"municipality:{town}",
                 "subject": f"procedure:{procedure}", "what": "consider-version", "opened_number": number,
                 "verb": "prepare", "due_on": act.today + timedelta(days=60)}
            )  # fmt: skip

    @property
    def towns(self) -> list[str]:
        """The municipalities' numbers."""
        if not hasattr(self, "_towns"):
            self._towns = [one.number for one in self.library.municipalities()]
        return self._towns

    def _use(self, town: str, ids: Sequence[str], now: datetime, name: str) -> None:
        decisions, today = self.library._parts.decisions, norwegian_day(now)
        body, minor = f"municipality:{town}", self.versions - 1
        with decisions.act(DecisionId(name), "bench", {}, by=self.leader, now=now) as act:
            act.record("list_decided", body=body, role=Role.DECIDER, facts={"municipality": town, "rows": len(ids)})
            entries = [
                Entry(
                    KINDS[AdoptionState.IN_USE], body, Role.DECIDER, one, touches=(f"use:{town}:{one}",),
                    facts={"municipality": town, "procedure": one, "version": f"1.{minor}", "state": "in-use",
                           "position": "kommunalsjef helse og omsorg", "level": "head-of-service", "digest": self.heads[one][0],
                           "from": today.isoformat(), "case": None},
                )
                for one in ids
            ]  # fmt: skip
            for made in act.record_many(entries):
                one = made.facts["procedure"]
                row = act.session.get_one(AdoptionRow, (town, one))
                row.state, row.major, row.minor, row.in_force_from = "in-use", 1, minor, today
                row.decided_number = made.number
                act.session.add(
                    InForceRow(
                        municipality=town, procedure_id=one, from_on=today, major=1, minor=minor, digest=self.heads[one][0],
                        position="kommunalsjef helse og omsorg", adopted_number=made.number, decided_number=made.number,
                    )
                )  # fmt: skip
            act.count("adoptions", len(ids))


def _settings(library: Library) -> SharedLibrary:
    from samrutine.networks.settling import shared_library

    with library._parts.database.reading() as session:
        return shared_library(session)


def _body(content: str) -> str:
    return content.partition(_FENCE)[2].lstrip("\n").rstrip(" \t\n") + "\n"


class _Clock:
    """The instant of the bench, which `init` and people need, and which years are added to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def a_home(folder: Path, procedures: int, versions: int) -> None:
    """Grow a home in a folder."""
    with Library.init(
        folder, editor_login="redaktor", editor_name="Redaktør Prøvesen", clock=_Clock(BEGAN - timedelta(days=1))
    ) as library:
        for login in ("skribent", "leder"):
            library.add_person(login, f"{login.title()} Prøvesen", by="redaktor")
        for network in _settings(library).networks:
            library.grant("leder", "leader", f"network:{network.id}", by="redaktor")
        usual = library._parts.decisions._after_commit
        library._parts.decisions._after_commit = lambda: False
        began = time.monotonic()
        Grown(library, procedures, versions).grow()
        print(json.dumps({"rows written, s": round(time.monotonic() - began)}), flush=True)
        library._parts.decisions._after_commit = usual
        began = time.monotonic()
        assert library._parts.projections.bring_up_to_date(wait_seconds=5, patient=False)
        print(json.dumps({"projected, s": round(time.monotonic() - began)}), flush=True)
    let_years_pass(folder)


def let_years_pass(folder: Path) -> None:
    """Take something away in each way there is, and delete by the rules what is over six years later."""
    clock = _Clock(BEGAN + timedelta(days=DAYS + 2))
    leader, joined = MEMBERS[1], set[str]()
    with Library.open(folder, clock=clock) as library, library._parts.decisions.together():
        for slug in MEMBERS:
            library.add_person(f"medlem.{slug}", "Prøve", by=EDITOR)
            number = next(one.number for one in library.municipalities() if one.slug == slug)
            library.grant(f"medlem.{slug}", "employee", f"municipality:{number}", by=EDITOR)
        approve(library, a_text(901), joined)
        hurried = library.propose(
            _changed(901), by=EDITOR, changes="rutine-901", significance="major", meaning="Haster."
        )
        library.hurry(hurried.proposal, digest=hurried.digest, reason="Utbrudd.", by=f"medlem.{leader}")
        library.reject(hurried.proposal, reason="Nei.", by=f"medlem.{leader}")
        stopped = library.propose(a_text(902), by=EDITOR, meaning="Ny.")
        library.send(stopped.proposal, digest=stopped.digest, unheard="Måling.", by=EDITOR)
        library.reject(stopped.proposal, reason="Ikke nå.", by=f"medlem.{leader}")
        heard = library.propose(a_text(903), by=EDITOR, meaning="Ny.")
        library.open_hearing(heard.proposal, digest=heard.digest, by=EDITOR, parties=["municipality:fauske"])
        clock.now += timedelta(days=40)
        library.close_hearing(heard.proposal, by=EDITOR)
        _agreed(library, heard.proposal, heard.digest)
        newer = library.propose(_changed(903), by=EDITOR, changes="rutine-903", significance="minor", meaning="Rettet.")
        _agreed(library, newer.proposal, newer.digest)
    with Library.open(folder, clock=clock) as library:
        library.redact(heard.digest, reason="Måling.", by=EDITOR)
        clock.now += timedelta(days=6 * 366)
        library.retention(by=EDITOR, delete=True)


def _changed(number: int) -> bytes:
    return a_text(number).replace(b"Alle ansatte.", b"Alle ansatte og vikarer.")


def _agreed(library: Library, proposal: str, digest: str) -> None:
    library.send(proposal, digest=digest, unheard="Måling.", by=EDITOR)
    for slug in MEMBERS:
        if library.approve(proposal, digest=digest, by=f"medlem.{slug}").version is not None:
            break


def _worked() -> float:
    """Give the seconds of processor that this process and its children have used: on a busy machine, what stays true."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def measured(folder: Path, *, since: bool) -> dict[str, object]:
    """Verify a home; all of it, or what was decided on its last day."""
    with Library.open(folder) as library:
        first = None
        if since:
            with library._parts.database.reading() as session:
                connection = session.connection()
                head = connection.exec_driver_sql("SELECT max(number) FROM decision").scalar()
            first = head - 600
        began, worked = time.monotonic(), _worked()
        found = library.verify(since=first)
        seconds, cpu = time.monotonic() - began, _worked() - worked
    return {
        "what": f"verify --since {first}" if since else "verify", "decisions": found.decisions, "versions": found.versions,
        "seconds": round(seconds, 1), "cpu_seconds": round(cpu, 1), "most_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MIB,
        "faults": dict(Counter(one.code for one in found.faults)),
    }  # fmt: skip


def main() -> int:
    """Grow, verify, print."""
    procedures, _, versions = (sys.argv[1] if len(sys.argv) > 1 else "10000").partition("x")
    kept = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    folder = kept or Path(tempfile.mkdtemp()) / "home"
    try:
        if not (folder / "samrutine.toml").is_file():
            a_home(folder, int(procedures), int(versions or VERSIONS))
        faulty = False
        for since in (True, False):
            line = measured(folder, since=since)
            print(json.dumps(line), flush=True)
            faulty = faulty or bool(line["faults"])
    finally:
        if kept is None:
            shutil.rmtree(folder.parent)
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
