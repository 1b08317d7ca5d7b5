"""
The register as a way back: decisions read from git, put into a database that lacks some of them or all.

All or nothing: everything is read and checked first, and then written in one transaction, with a decision of the system's
own at its end. It says how far the register went and ends the proposals that cannot go on, since nobody has their words any
more. So the chain itself tells that the library was put together again, and what was lost then.

What follows from a decision is not said here a second time: it is what `verify` computes to find rows that were changed.
What does not come back is listed in `from_register_tables`.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, insert, update
from sqlmodel import Session, col, select

from samrutine.actors import LIBRARY, SYSTEM, Role, municipality_body, network_body
from samrutine.errors import NotThisRegister, RegisterBroken
from samrutine.networks.settling import keep_rows, shared_library
from samrutine.networks.text_erasure import blank_copies
from samrutine.networks.writing_erasure import empty_again
from samrutine.procedures.heads import files_in
from samrutine.procedures.model import AccessClass
from samrutine.procedures.redaction import blank
from samrutine.procedures.text import digest as digest_of
from samrutine.projections.checks.chain import touched_by
from samrutine.proposals.becoming import close
from samrutine.proposals.model import ProposalState
from samrutine.recovery.from_register_inbox import ask_again, close_answered
from samrutine.recovery.from_register_links import LOCAL, Link, links_of
from samrutine.recovery.from_register_rows import (
    approvals_due,
    files_due,
    followed,
    in_parts,
    library_due,
    people_due,
    readers_due,
    rights_due,
    settle,
    targets_due,
    use_due,
)
from samrutine.recovery.from_register_tables import KINDS, Left
from samrutine.recovery.from_register_texts import Routines, Texts, keep_proposals
from samrutine.storage import bundles
from samrutine.storage.decisions import (
    CHAIN_FORM,
    GENESIS,
    Act,
    DecisionId,
    Decisions,
    canonical_json,
)
from samrutine.storage.git import CHECKPOINTS, MAIN, REGISTER, GitStore
from samrutine.storage.rows import (
    AdoptionRow,
    ChainHeadRow,
    CounterRow,
    DecisionRow,
    DecisionTextRow,
    OutboxPositionRow,
    OutboxRow,
    ProcedureRow,
    ProposalRow,
    TargetRow,
    VersionRow,
    WordsRow,
)
from samrutine.storage.sql import Database
from samrutine.storage.steps import reach
from samrutine.storage.words import LIBRARY_STORE, RESTRICTED_STORE, TEXT_ERASED, WORDS_REDACTED, WRITING_ERASED

BLOBS_AT_ONCE: Final = 200
Noted = tuple[int, str]
"""A decision's number, and its hash."""
Witnesses = Callable[[GitStore], Iterable[Noted]]
"""Gives the decisions that signed checkpoints in a repository name."""
UNKNOWN_REQUEST: Final = "0" * 64
"""Stands where a hash of what was asked stood: nothing that anybody asks has it."""


@dataclass(frozen=True, slots=True)
class NotBack:
    """Something that does not come back. `count` is how many there were; None where nobody can know it."""

    what: Left
    count: int | None


@dataclass(frozen=True, slots=True)
class Recovered:
    """
    Decisions were taken from the register into the database.

    Attributes:
        first: The first that was taken; None when there was none to take, and nothing was changed.
        last: The last that was taken.
        head: The hash of the last decision on the register.
        ended: Proposals that cannot go on, by id: the system has withdrawn them.
        not_back: What does not come back, with how many of each.
        number: The decision that says all this; None when nothing was changed.
    """

    first: int | None
    last: int
    head: str
    ended: tuple[str, ...]
    not_back: tuple[NotBack, ...]
    number: int | None


@dataclass(frozen=True, slots=True)
class Stores:
    """
    The repositories that decisions and words are read from.

    Attributes:
        library: The repository with the branches `main` and `register`.
        restricted: The one with words that are exempt from public access; None when it is not there.
    """

    library: GitStore
    restricted: GitStore | None = None


def read_register(store: GitStore, *, witness: str | None = None, noted: Iterable[Noted] = ()) -> list[Link]:
    """
    Read every decision on the register, and check all that can be checked of it.

    Args:
        witness: The hash of a decision that somebody noted before: it must be among them. A register from which the last
            decisions were cut off is whole in itself, and only who knows of one of them can tell.
        noted: Decisions that were noted with their numbers, as signed checkpoints do: each must be there, in its place.

    Returns:
        The links in order; none where there is no register.

    Raises:
        RegisterBroken: What is wrong with it, and where. Nothing of it may be used.
    """
    tip = store.tip(bundles.newest(store, REGISTER))
    tree = store.tree(tip) if tip else {}
    files: dict[str, bytes] = {}
    for part in _parts([path for path in sorted(tree) if not LOCAL.fullmatch(path)]):
        read = store.read_many([tree[path] for path in part])
        files |= {path: read[tree[path]] for path in part}
    links = links_of({**files, **{path: b"" for path in tree if LOCAL.fullmatch(path)}}, KINDS)
    if witness is not None and witness not in {link.hash for link in links}:
        raise RegisterBroken(what="witness", where=witness[:80])
    for number, link in noted:
        if not 0 < number <= len(links) or links[number - 1].hash != link:
            raise RegisterBroken(what="checkpoint", where=f"{number} {link[:80]}")
    return links


def require_words(store: GitStore, links: Sequence[Link], *, known: Callable[[], Collection[str]] = tuple) -> None:
    """
    Refuse a register whose words are not beside it, before anything is made from it.

    Args:
        store: Has the branches `main` and `register`.
        links: What is to be taken.
        known: Gives the digests of words that are there already; asked only when some are not in the branches.

    Raises:
        RegisterBroken: A decision cites words that are nowhere, and that nobody took away.
    """
    wanted, excused, redacted = _cited(links)
    lacking = {one: number for one, number in wanted.items() if one not in redacted and one not in excused}
    for content, _, _ in _contents(Stores(store)) if lacking else ():
        lacking.pop(digest_of(content), None)
    if lacking:
        there = known()
        _require_found({one: number for one, number in lacking.items() if one not in there})


def _require_found(lacking: Mapping[str, int]) -> None:
    """Refuse words that are nowhere: each digest with the first decision that cites it."""
    for digest, number in lacking.items():
        raise RegisterBroken(what="words", where=f"{number} {digest}")


def is_written_anew(links: Iterable[Link]) -> bool:
    """Whether one of these decisions took words away, so that the branches went another way than those from before it."""
    return any(link.kind == WORDS_REDACTED for link in links)


def missing(database: Database, store: GitStore) -> list[Link]:
    """
    Give the decisions that are on the register and not in the database, in order.

    None where the database is as far, or farther: the register follows what is decided.

    Raises:
        RegisterBroken: As `read_register`.
        NotThisRegister: The register and the database say different things about the same decision.
    """
    links = read_register(store)
    with database.reading() as session:
        return _missing(session, links)


def rebuild(
    database: Database, stores: Stores, *, now: datetime, witness: str | None = None, noted: Iterable[Noted] = ()
) -> Recovered:
    """
    Put everything that the register knows into an empty database: one transaction, or nothing.

    Afterwards bring the projections up to date; `verify` then finds no fault but those that `EXPLAINS` names for what is
    in `not_back`.

    Args:
        database: Its schema is this release's, and no decision is in it.
        witness, noted: As `read_register`.

    Raises:
        RegisterBroken: The register is not whole, is empty, or cites words that are not there.
        NotThisRegister: The database holds decisions that are not these.
    """
    links = read_register(stores.library, witness=witness, noted=noted)
    if not links:
        raise RegisterBroken(what="empty", where=REGISTER)
    return _take(database, stores, links, now=now)


def take_missing(database: Database, stores: Stores, *, now: datetime) -> Recovered:
    """
    Take the decisions that the database lacks from the register, with all that follows from them: all or nothing.

    For a database from an older backup. What it has that the register does not know stays: names, drafts, reasons. Who was
    erased after the backup is erased again, and what was erased of words too.

    Raises:
        RegisterBroken, NotThisRegister: As `missing` and `rebuild`.
    """
    return _take(database, stores, read_register(stores.library), now=now)


def _take(database: Database, stores: Stores, links: Sequence[Link], *, now: datetime) -> Recovered:
    with database.reading() as session:
        if not _missing(session, links):
            return _taken_before(session, links)
    decisions = Decisions(database, lambda: False)
    try:
        with decisions.act(_act_of(links[-1]), "recover", {"head": links[-1].hash}, by=SYSTEM, now=now) as act:
            # Somebody else may have taken them meanwhile, with this act's name or from a register that goes further.
            if not act.is_repeat and (new := _missing(act.session, links)):
                return _Taking(act, stores, links, new).do()
    except (KeyError, TypeError, ValueError, AttributeError, StopIteration) as error:
        # Each link is whole, but what it says is nothing that any release of ours would have written.
        raise RegisterBroken(what="facts", where=type(error).__name__) from error
    with database.reading() as session:
        return _taken_before(session, links)


def _act_of(head: Link) -> DecisionId:
    """Name the act after the link that is taken up to, so that a second call is the same act."""
    return DecisionId(f"recovered-{head.hash.partition(':')[2][:32]}")


def _taken_before(session: Session, links: Sequence[Link]) -> Recovered:
    """Give what is to be said when there is nothing to take: what an earlier call that took up to the same link said."""
    if not links:
        return Recovered(None, 0, GENESIS, (), (), None)
    head = links[-1]
    of_act = session.exec(
        select(DecisionRow).where(DecisionRow.act_id == _act_of(head)).order_by(col(DecisionRow.number))
    ).all()
    if not of_act:
        return Recovered(None, head.number, head.hash, (), (), None)
    says = [json.loads(row.record)["facts"] for row in of_act]
    ended = tuple(
        facts["proposal"] for row, facts in zip(of_act, says, strict=True) if row.kind == "proposal_withdrawn"
    )
    not_back = _not_back(session, links, says[0]["first"], of_act[0].number)
    return Recovered(None, head.number, head.hash, ended, not_back, None)


def _missing(session: Session, links: Sequence[Link]) -> list[Link]:
    head = session.exec(select(ChainHeadRow.number)).one()
    known = dict(
        session.exec(select(DecisionRow.number, DecisionRow.hash).where(col(DecisionRow.number) <= len(links))).all()
    )
    for link in links[:head]:
        if known.get(link.number) != link.hash:
            raise NotThisRegister(number=link.number)
    return list(links[head:])


class _Taking:
    """One taking under way, inside its transaction."""

    def __init__(self, act: Act, stores: Stores, links: Sequence[Link], new: Sequence[Link]) -> None:
        self._act = act
        self._session = act.session
        self._stores = stores
        self._links = links
        self._new = new
        self._texts = Texts(act.session)
        self._notices: dict[str, Mapping[str, Any]] = {}

    def do(self) -> Recovered:
        """Write it all, and say what was done."""
        session = self._session
        self._keep_chain()
        # The decision that says all this comes next.
        number = self._act.head.number + 1
        lost = self._keep_words(number)
        reach("recover: chain and words written, not committed")
        self._erase_texts()
        follows, acts = followed(session), {link.number: link.known["act"] for link in self._links}
        settle(session, files_due(follows))
        session.flush()
        keep_rows(session, shared_library(session))
        routines = Routines(session, self._texts, self._links)
        of_people = (library_due(self._links), *people_due(self._links), targets_due(self._links))
        for due in (*of_people, *routines.due(), *rights_due(follows, acts)):
            settle(session, due)
        session.expire_all()
        ended = keep_proposals(session, self._links, self._texts, follows)
        self._empty_writings()
        for due in (routines.origins(), approvals_due(follows), *use_due(session, follows), readers_due(session)):
            settle(session, due)
        session.expire_all()
        self._count()
        self._keep_positions()
        self._redact()
        close_answered(session, self._new)
        self._say(lost, ended)
        ask_again(self._act)
        reach("recover: rows written, not committed")
        first, last = self._new[0], self._new[-1]
        not_back = _not_back(session, self._links, first.number, number)
        return Recovered(first.number, last.number, last.hash, tuple(ended), not_back, number)

    def _keep_chain(self) -> None:
        """Put the links in, each with its outbox row and a row for each free text that it had."""
        session, act = self._session, self._act
        decisions, outbox, texts = [], [], []
        for link in self._new:
            known = link.known
            decisions.append(
                {
                    # What was asked is not on the register, so a second call of an act from before is refused.
                    "number": link.number, "id": known["id"], "act_id": known["act"], "request": UNKNOWN_REQUEST,
                    "kind": link.kind, "body": known["body"], "subject": known["subject"],
                    "register_folder": link.folder, "actor_id": known["actor"], "role": known["role"],
                    "decided_at": link.at, "record": link.record, "hash": link.hash,
                }
            )  # fmt: skip
            outbox.append({"number": link.number, "subjects": canonical_json(sorted(_touched(link)))})
            texts += [
                {"number": link.number, "name": name, "salt": "", "text": None, "erased_at": act.now}
                for name in known["texts"]
            ]
        tables: tuple[tuple[Any, list[dict[str, Any]]], ...] = (
            (DecisionRow, decisions), (OutboxRow, outbox), (DecisionTextRow, texts),
        )  # fmt: skip
        for table, rows in tables:
            for part in in_parts(rows):
                session.execute(insert(table), part)
        last = self._new[-1]
        act.head.number, act.head.hash, act.head.form = last.number, last.hash, CHAIN_FORM
        act.last_at = max(act.last_at, last.at)
        session.add(act.head)
        session.flush()

    def _keep_words(self, number: int) -> int:
        """
        Put the words in that decisions cite, from the history of the branches; gives how many were not there.

        Args:
            number: Of the decision that says so, which the rows of lost words name.
        """
        wanted, excused, redacted = _cited(self._links)
        kept, lost = self._kept()
        # The notice of a redaction is looked for by its own digest.
        looked_for = {redacted[one][1] if one in redacted else one: one for one in wanted}
        due = {
            shown: digest for shown, digest in looked_for.items()
            if digest not in kept or digest in lost or (digest in redacted and kept[digest] is None)
        }  # fmt: skip
        for content, blob, store in _contents(self._stores) if due else ():
            shown = digest_of(content)
            digest = due.pop(shown, None)
            if digest is None:
                continue
            row = {
                "digest": digest, "content": content, "git_blob": blob, "store": store, "verified_at": self._act.now,
                "redacted_number": redacted.get(digest, (None,))[0], "lost_number": None,
            }  # fmt: skip
            self._put_words(row, before=kept)
        gone = [one for one in due.values() if one not in lost or (one in redacted and kept[one] is None)]
        for digest in gone:
            if digest not in redacted and digest not in excused:
                _require_found({digest: wanted[digest]})
            row = {
                "digest": digest, "content": b"", "git_blob": None, "store": None, "verified_at": None,
                "redacted_number": redacted.get(digest, (None,))[0], "lost_number": number,
            }  # fmt: skip
            self._put_words(row, before=kept)
        return len(gone)

    def _kept(self) -> tuple[dict[str, int | None], frozenset[str]]:
        """Give the words that there are, each with the decision that took it away; and those that are lost: they may be found."""
        rows = self._session.exec(select(WordsRow.digest, WordsRow.redacted_number, WordsRow.lost_number)).all()
        return {row[0]: row[1] for row in rows}, frozenset(row[0] for row in rows if row[2] is not None)

    def _put_words(self, row: Mapping[str, Any], *, before: Mapping[str, int | None]) -> None:
        """Put words in. What stands there and is redacted stands a little longer: what follows from it is made first."""
        digest = row["digest"]
        if digest not in before:
            self._session.execute(insert(WordsRow), [dict(row)])
        elif row["redacted_number"] is not None and before[digest] is None:
            self._notices[digest] = row
        else:
            self._session.execute(update(WordsRow).where(col(WordsRow.digest) == digest).values(**row))

    def _erase_texts(self) -> None:
        """Erase once more what was erased by decisions that the database had not heard of."""
        session = self._session
        for link in self._new:
            if link.kind != TEXT_ERASED:
                continue
            rows = select(DecisionTextRow).where(
                DecisionTextRow.number == link.facts["number"], col(DecisionTextRow.name).in_(link.facts["names"])
            )
            for row in session.exec(rows):
                if row.text is not None:
                    blank_copies(session, row)
                row.text, row.erased_at = None, link.at
                session.add(row)
        session.flush()

    def _empty_writings(self) -> None:
        """Take once more out of rows what was written there, when the rows are made: also of those that there were none of."""
        for link in self._new:
            if link.kind == WRITING_ERASED:
                empty_again(self._session, link.facts, link.number)
        self._session.flush()

    def _redact(self) -> None:
        """Take words away that the database has, and that were taken away by decisions it had not heard of."""
        session = self._session
        for digest, notice in self._notices.items():
            session.execute(update(WordsRow).where(col(WordsRow.digest) == digest).values(**notice))
        session.expire_all()
        for digest, notice in self._notices.items():
            blank(session, digest, notice["content"])
        session.flush()

    def _count(self) -> None:
        """Make the totals what they are."""
        session = self._session
        totals = {
            "decisions": select(func.count()).select_from(DecisionRow),
            "versions": select(func.count()).select_from(VersionRow),
            "procedures": select(func.count()).select_from(ProcedureRow),
            "proposals": select(func.count()).select_from(ProposalRow),
            "adoptions": select(func.count()).select_from(AdoptionRow).where(AdoptionRow.state != "to-consider"),
        }
        for name, query in totals.items():
            session.merge(CounterRow(name=name, value=session.execute(query).scalar_one()))
        session.flush()

    def _keep_positions(self) -> None:
        """
        Note where the branches stand, so that they are not written a second time.

        Where one is not what the decisions say, `repair` finds it and puts it right.
        """
        library, restricted = self._stores.library, self._stores.restricted
        tips = {"main": library.tip(MAIN), "register": library.tip(REGISTER)}
        if restricted is not None:
            tips["restricted"] = restricted.tip(MAIN)
        head, signed = self._act.head, library.tip(CHECKPOINTS)
        if signed is not None and (head.checkpoint is None or library.is_ancestor(head.checkpoint, signed)):
            head.checkpoint = signed
        for consumer, tip in tips.items():
            if tip is not None or consumer == "restricted":
                self._session.merge(
                    OutboxPositionRow(
                        consumer=consumer, position=self._new[-1].number, mark=tip, updated_at=self._act.now
                    )
                )
        self._session.flush()

    def _say(self, lost: int, ended: Sequence[str]) -> None:
        """Record what was done, and end what cannot go on."""
        act, session = self._act, self._session
        rows = [session.get_one(ProposalRow, one) for one in ended]
        act.record(
            "decisions_recovered", body=LIBRARY, role=Role.EDITOR, touches=("library",),
            facts={
                "first": self._new[0].number, "last": self._new[-1].number, "head": self._new[-1].hash,
                "ended": len(rows), "words_lost": lost,
            },
        )  # fmt: skip
        for row in rows:
            decision = act.record(
                "proposal_withdrawn", body=network_body(row.network), role=Role.EDITOR, subject=row.procedure_id, by=SYSTEM,
                facts={"proposal": row.id, "procedure": row.procedure_id, "digest": row.digest},
            )  # fmt: skip
            row.text, row.meaning, row.conflicts = b"", None, None
            close(act, row, ProposalState.WITHDRAWN, decision.number)
        unknown = TargetRow.location == "", col(TargetRow.ended_number).is_(None)
        for target in session.exec(select(TargetRow).where(*unknown).order_by(TargetRow.id)):
            # Nobody knows where it is, so nothing can be published there.
            decision = act.record(
                "target_ended", body=municipality_body(target.municipality), role=Role.RESPONSIBLE, by=SYSTEM,
                facts={"municipality": target.municipality, "target": target.id},
            )  # fmt: skip
            target.ended_number = decision.number
            session.add(target)
        session.flush()


def _not_back(session: Session, links: Sequence[Link], first: int, number: int) -> tuple[NotBack, ...]:
    """
    List what does not come back, with how many there were.

    Args:
        first: The first link that was taken; the last of them is the last there is.
        number: The decision that says so.
    """
    new = links[first - 1 :]
    excused = _cited(links)[1]
    gone = session.exec(select(WordsRow.digest).where(WordsRow.lost_number == number)).all()
    lost = Counter(excused.get(digest, Left.EXEMPT_WORDS) for digest in gone)
    kinds = Counter(link.kind for link in new)
    filled = {
        (link.facts["municipality"], link.facts["procedure"], key): key not in link.facts.get("cleared", ())
        for link in new if link.kind == "local_information_set" for key in link.facts["keys"]
    }  # fmt: skip
    nothing = select(func.count()).select_from(ProposalRow).where(func.length(ProposalRow.text) == 0)
    counted: dict[Left, int | None] = {
        Left.PEOPLE: kinds["person_added"],
        Left.TEXTS: sum(len(link.known["texts"]) for link in new),
        Left.DRAFTS: session.exec(nothing).one(),
        Left.HEARINGS: kinds["hearing_opened"],
        Left.LOCAL_INFORMATION: sum(filled.values()),
        Left.TARGETS: kinds["target_set"],
        Left.EXEMPT_WORDS: lost[Left.EXEMPT_WORDS],
        Left.EXEMPT_ADDITIONS: lost[Left.EXEMPT_ADDITIONS],
        Left.READERS: None,
        Left.REQUESTS: None,
        Left.WORK: None,
    }
    return tuple(NotBack(what, count) for what, count in counted.items() if count != 0)


def _cited(links: Sequence[Link]) -> tuple[dict[str, int], dict[str, Left], dict[str, tuple[int, str]]]:
    """
    Give the digests that decisions cite, each with the first decision that does.

    Then why words may be missing, for those that may; and for those that were redacted the decision and the notice's digest.
    """
    wanted: dict[str, int] = {}
    open_words: set[str] = set()
    excused: dict[str, Left] = {}
    redacted: dict[str, tuple[int, str]] = {}
    for link in links:
        facts = link.facts
        match link.kind:
            case "library_settled":
                here = dict.fromkeys(facts["files"].values())
            case "version_approved" | "version_hurried":
                exempt = facts.get("access") == AccessClass.EXEMPT.value
                why = Left.EXEMPT_WORDS if exempt else None
                here = dict.fromkeys((facts["digest"], *(digest for digest, _ in files_in(facts))), why)
            case kind if kind == WORDS_REDACTED:
                redacted[facts["digest"]] = (link.number, facts["notice"])
                continue
            case _:
                told = facts.get("additions") or {"began": (), "exempt": False}
                why = Left.EXEMPT_ADDITIONS if told["exempt"] else None
                here = {one["digest"]: why for one in told["began"]}
        for digest, left in here.items():
            wanted.setdefault(digest, link.number)
            if left is None:
                open_words.add(digest)
            else:
                excused.setdefault(digest, left)
    return wanted, {digest: left for digest, left in excused.items() if digest not in open_words}, redacted


def _contents(stores: Stores) -> Iterable[tuple[bytes, str, str | None]]:
    """Give the bytes of every text in the branches' history, with its blob and the name of its repository."""
    library, restricted = stores.library, stores.restricted
    places: list[tuple[GitStore, str, str | None]] = [
        (library, MAIN, LIBRARY_STORE), (library, REGISTER, None),
    ]  # fmt: skip
    if restricted is not None:
        places.append((restricted, MAIN, RESTRICTED_STORE))
    for store, branch, name in places:
        # Where a branch went another way there, what was decided since may stand nowhere else.
        found = {**store.blobs(branch), **store.blobs(bundles.theirs(branch))}
        blobs = [blob for blob, path in found.items() if branch == MAIN or LOCAL.fullmatch(path)]
        for part in _parts(blobs):
            for blob, content in store.read_many(part).items():
                yield content, blob, name


def _touched(link: Link) -> set[str]:
    """Give what a decision left to be brought up to date."""
    found = set(touched_by(link.kind, str(link.known["body"]), link.facts))
    if link.kind == WORDS_REDACTED:
        found |= {"redaction", *(f"procedure:{one.partition(' ')[0]}" for one in link.facts["versions"])}
    return found


def _parts(names: Sequence[str]) -> Iterable[list[str]]:
    return (list(names[at : at + BLOBS_AT_ONCE]) for at in range(0, len(names), BLOBS_AT_ONCE))
