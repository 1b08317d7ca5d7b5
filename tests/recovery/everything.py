"""One library in which every kind of decision was made, and a way to hold two databases against each other."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlmodel import select

from samrutine.adoptions.answers import ListRow
from samrutine.recovery.from_register_tables import TABLES
from samrutine.storage.rows import DecisionRow, ProposalRow, Row
from tests.support.stories import APPROVERS, UNHEARD, not_projecting
from tests.support.texts import a_routine

EDITOR = "redaktor"
DECIDER = "beslutter.fauske"
RESPONSIBLE = "ansvarlig.fauske"

PHONE = ("vakttelefon",)


def tell_everything(home, published) -> None:
    """Let each verb that decides do so at least once; `home` has people and no texts."""
    with home.opened() as library, not_projecting(library):
        _settings(library)
        _texts(library)
        _hearings(library)
        _use(library)
        _municipal(library, published)
        home.clock.forward(days=30)
        _standing(library)
        _hurries(library)
        _withdrawals(library)
        _readers(library)
        _erasures(library, home)
    with home.opened() as library:
        library._parts.projections.bring_up_to_date()


def _settings(library) -> None:
    """Let the leader and one more be enough: what is told here is not how many agree."""
    setting = next(one for one in library.settings() if one.path == "policies.toml")
    changed = (
        setting.content.replace(b'"n-municipalities"', b'"n-persons"').replace(b"= 4", b"= 2").replace(b"= 3", b"= 1")
    )
    library.settle({setting.path: changed}, read={setting.path: setting.digest}, reason="Færre er nok.", by=EDITOR)


def _approved(library, data, *, by="skribent", **how):
    made = library.propose(data, by=by, **how)
    library.send(made.proposal, digest=made.digest, unheard=UNHEARD, by=EDITOR)
    return _agreed(library, made)


def _agreed(library, made):
    for one in APPROVERS[::-1]:
        answer = library.approve(made.proposal, digest=made.digest, by=one)
        if answer.version is not None or answer.withdrawn:
            break
    return answer


def _texts(library) -> None:
    _approved(library, a_routine("handhygiene", required=PHONE))
    for name in ("avfall", "stikkskade", "isolering", "smitte"):
        _approved(library, a_routine(name, title=name.capitalize()))
    _approved(library, a_routine("nokkelskap", title="Nøkkelskap", access="exempt"))
    # A draft that is revised, one refreshed after another was first, and two that came to nothing.
    draft = library.propose(a_routine("utkast", title="Utkast"), by="skribent")
    library.revise(
        draft.proposal, a_routine("utkast", title="Utkast", extra="Mer."), read_digest=draft.digest, by="skribent"
    )
    late = library.propose(
        a_routine("smitte", title="Smitte", sections={"Ansvar": "Alle."}), by="skribent", changes="smitte",
        significance="major", meaning="Alle har ansvar.",
    )  # fmt: skip
    _approved(
        library, a_routine("smitte", title="Smitte", extra="Først."), changes="smitte", significance="major",
        meaning="Noe er lagt til.",
    )  # fmt: skip
    library.refresh(late.proposal, read_digest=late.digest, by="skribent")
    given_up = library.propose(a_routine("oppgitt", title="Oppgitt"), by="skribent")
    library.withdraw(given_up.proposal, reason="Dekket.", by="skribent")
    stopped = library.propose(a_routine("stoppet", title="Stoppet"), by="skribent")
    library.send(stopped.proposal, digest=stopped.digest, unheard=UNHEARD, by=EDITOR)
    library.approve(stopped.proposal, digest=stopped.digest, by="leder")
    library.reject(stopped.proposal, reason="Ikke nå.", by="leder")
    _finished(library)


def _finished(library) -> None:
    """A round that became enough because all but one left."""
    made = library.propose(a_routine("ferdig", title="Ferdig"), by="skribent")
    library.send(made.proposal, digest=made.digest, unheard=UNHEARD, by=EDITOR)
    library.approve(made.proposal, digest=made.digest, by="leder")
    members = ("beiarn", "gildeskal", "hamaroy", "saltdal")
    for town in members:
        library.revoke(f"medlem.{town}", "member", "network:smittevern", by=EDITOR)
    library.approve(made.proposal, digest=made.digest, by="leder")
    for town in members:
        library.grant(f"medlem.{town}", "member", "network:smittevern", by=EDITOR)
    library.grant("ansatt.fauske", "leader", "network:smittevern", by=EDITOR, deputy_of="leder")


def _hearings(library) -> None:
    heard = library.propose(a_routine("hort", title="Hørt"), by="skribent")
    library.open_hearing(
        heard.proposal, digest=heard.digest, by=EDITOR, parties=["municipality:fauske", "outside:politi"],
        deadline=library.today + timedelta(days=4),
    )  # fmt: skip
    link = library.invite_outsider(heard.proposal, "outside:politi", by=EDITOR)
    library.remind(heard.proposal, by=EDITOR)
    answer = library.answer_hearing(heard.proposal, "municipality:fauske", remarks=["Hvem?"], by="ansatt.fauske")
    library.answer_by_link(link.token, no_remarks=True)
    library.revoke_link(link.link, by=EDITOR)
    library.close_hearing(heard.proposal, by=EDITOR)
    library.reply_to_remark(answer.remarks[0], "noted", by=EDITOR)
    library.send(heard.proposal, digest=heard.digest, by=EDITOR)
    library.approve(heard.proposal, digest=heard.digest, by="leder")
    under_way = library.propose(a_routine("underveis", title="Underveis"), by="skribent")
    library.open_hearing(under_way.proposal, digest=under_way.digest, by=EDITOR, parties=["municipality:fauske"])


def _use(library) -> None:
    library.set_local_information("handhygiene", "Fauske", {"vakttelefon": "75 00 00 01"}, by=RESPONSIBLE)
    library.adopt("handhygiene", "Fauske", by=DECIDER)
    library.set_local_information("handhygiene", "Fauske", {"vakttelefon": "75 00 00 02"}, by=RESPONSIBLE)
    library.adopt("stikkskade", "Fauske", by=DECIDER, from_on=library.today + timedelta(days=3))
    library.adopt("stikkskade", "Fauske", by=DECIDER)
    library.adopt("nokkelskap", "Fauske", by=DECIDER)
    library.adopt("smitte", "Beiarn", by="beslutter.beiarn", version="1.0")
    library.decline("avfall", "Fauske", reason="Dekket.", by=DECIDER)
    library.mark_not_relevant("isolering", "Fauske", reason="Ingen avdeling.", by=DECIDER)
    library.use_own_routine("smitte", "Fauske", link="https://fauske.example/7", by=DECIDER)
    library.adopt("avfall", "Beiarn", by="beslutter.beiarn")
    library.end_use("avfall", "Beiarn", reason="Slutt.", by="beslutter.beiarn")
    library.defer(
        "avfall", "Saltdal", until=library.today + timedelta(days=90), reason="Budsjett.", by="beslutter.saltdal"
    )
    library.decide_list(
        "Meløy",
        [ListRow("handhygiene", "not-relevant", reason="Nei."), ListRow("avfall", "in-use")],
        by="beslutter.meloy",
    )


def _municipal(library, published) -> None:
    made = library.add_addition("stikkskade", "Fauske", "ansvar", "practical-note", "I skapet.", by=RESPONSIBLE)
    library.change_addition(made.addition, "I hylla.", by=RESPONSIBLE)
    other = library.add_addition("stikkskade", "Fauske", "formal", "practical-note", "På veggen.", by=RESPONSIBLE)
    library.drop_addition(other.addition, by=RESPONSIBLE)
    library.add_addition("nokkelskap", "Fauske", "ansvar", "practical-note", "Ikke til alle.", by=RESPONSIBLE)
    library.assign("avfall", "Saltdal", by="beslutter.saltdal", due=library.today + timedelta(days=20))
    library.make_known("stikkskade", "Fauske", how="meeting", whom="Alle på sykehjemmet.", by=RESPONSIBLE)
    library.take_inventory("Fauske", {"isolering": "lacks"}, by=RESPONSIBLE)
    for name in ("en", "to"):
        (published / name).mkdir(parents=True)
        library.set_target("Fauske", name, "folder", published / name, by=RESPONSIBLE)
    library.publish("Fauske", target="en", by=RESPONSIBLE)
    library.end_target("Fauske", "to", by=RESPONSIBLE)
    library.review("isolering", version="1.0", by="leder")
    library.set_owner("isolering", owner="leder", deputy="medlem.beiarn", by="leder")


def _standing(library) -> None:
    until = library.today + timedelta(days=200)
    library.set_standing("Fauske", until=until, procedure="stikkskade", by=DECIDER)
    library.set_standing("Beiarn", until=until, by="beslutter.beiarn")
    library.adopt("isolering", "Beiarn", by="beslutter.beiarn")
    changed = a_routine("isolering", title="Isolering", extra="Rett.")
    _approved(library, changed, changes="isolering", significance="minor", meaning="Retting.")
    touched = a_routine(
        "stikkskade", title="Stikkskade", sections={"Ansvar": "Avdelingslederen har alt ansvaret, 3 ganger."}
    )
    _approved(library, touched, changes="stikkskade", significance="minor", meaning="Retting.")
    library.end_standing("Beiarn", by="beslutter.beiarn")


def _hurries(library) -> None:
    for name, ends in (("avfall", "refused"), ("isolering", "confirmed"), ("smitte", "open")):
        changed = a_routine(name, title=name.capitalize(), extra="Haster.")
        made = library.propose(changed, by="skribent", changes=name, significance="major", meaning="Haster.")
        library.hurry(made.proposal, digest=made.digest, reason="Utbrudd.", by="leder")
        if ends == "refused":
            library.reject(made.proposal, reason="Nei.", by="leder")
        elif ends == "confirmed":
            _agreed(library, made)


def _withdrawals(library) -> None:
    made = library.propose_withdrawal("ferdig", reason="Dekket.", replaced_by="avfall", by=EDITOR)
    library.send(made.proposal, digest=made.digest, unheard=UNHEARD, by=EDITOR)
    _agreed(library, made)
    # One that nobody has answered enough: its words are those of the version, so it goes on.
    other = library.propose_withdrawal("handhygiene", reason="Dekket.", by=EDITOR)
    library.send(other.proposal, digest=other.digest, unheard=UNHEARD, by=EDITOR)
    library.approve(other.proposal, digest=other.digest, by="leder")


def _readers(library) -> None:
    said = library.give_feedback("isolering", "Noe mangler.", by="ansatt.fauske")
    changed = a_routine("isolering", title="Isolering", extra="Etter tilbakemelding.")
    made = library.propose(changed, by="skribent", changes="isolering", significance="minor", meaning="Retting.")
    library.take_up_feedback(said.feedback, made.proposal, by="leder")
    wish = library.wish("Hva gjør vi ved flom?", network="smittevern", by="ansatt.fauske")
    library.take_up_wish(wish.wish, procedure="avfall", by="leder")


def _erasures(library, home) -> None:
    # One act that gives two roles.
    meeting = library.open_meeting("network:smittevern", "member", by=EDITOR)
    library.join(meeting.token, "nykommer", "Ny Kommer", "fire ord som er lange", municipality="hamaroy")
    library.add_person("sluttet", "Navn Navnesen Sluttet", by=EDITOR)
    library.erase_person("sluttet", reason="Slutter.", by=EDITOR)
    library.delegate("ansatt.fauske", "Fauske", "unit-leader", "avdelingsleder", reference="§ 9", by=EDITOR)
    library.erase_person("ansatt.fauske", reason="Slutter.", keep_name=True, by=EDITOR)
    number = one_of(library, "declined").number
    library.erase_text(number, reason="Personopplysning.", by=EDITOR)
    wish = library.wish("Hva gjør vi med Navn Navnesen?", by=EDITOR).wish
    library.erase_text(wish, reason="Personopplysning.", by=EDITOR)
    # A draft that came to nothing: of its row only the decisions come back, and no title.
    library.erase_text(_given_up(library), reason="Personopplysning.", by=EDITOR)
    library.retention(by=EDITOR, delete=True)
    _redacted(library, home)


def _redacted(library, home) -> None:
    """Words that had to go: of a version that a newer one has taken the place of."""
    home.clock.forward(minutes=1)
    _approved(library, a_routine("uheldig", title="Uheldig", extra="Spør Navn Navnesen."))
    _approved(
        library, a_routine("uheldig", title="Uheldig"), changes="uheldig", significance="minor", meaning="Retting."
    )
    first = next(one for one in library.versions("uheldig") if str(one.version) == "1.0")
    # Words are taken out of what was written to git, not out of what is about to be.
    library._parts.projections.bring_up_to_date()
    library.redact(first.digest, reason="Personopplysning.", by=EDITOR)


def _given_up(library) -> str:
    with library._parts.database.reading() as session:
        return session.exec(select(ProposalRow.id).where(ProposalRow.procedure_id == "oppgitt")).one()


def one_of(library, kind: str) -> DecisionRow:
    """Give the first decision of a kind."""
    with library._parts.database.reading() as session:
        return session.exec(select(DecisionRow).where(DecisionRow.kind == kind).order_by(DecisionRow.number)).first()


def kinds_in(library) -> set[str]:
    """Give every kind of decision there is in a library."""
    with library._parts.database.reading() as session:
        return set(session.exec(select(DecisionRow.kind)))


def rows_in(database, *, until: int | None = None, lost=frozenset()) -> dict[str, dict[tuple, Mapping[str, Any]]]:
    """
    Give every row of every table by primary key, without what `TABLES` says cannot be as it was.

    Args:
        until: Leave out what decisions after this one left in the chain.
        lost: Digests of words that are gone; rows beside these are left out where `TABLES` says so.
    """
    found: dict[str, dict[tuple, Mapping[str, Any]]] = {}
    with database.reading() as session:
        connection = session.connection()
        gone = {
            (row["procedure_id"], row["major"], row["minor"])
            for row in connection.execute(Row.metadata.tables["version"].select()).mappings()
            if row["digest"] in lost
        }
        after = {(procedure, major, minor + 1) for procedure, major, minor in gone}
        for table in Row.metadata.sorted_tables:
            known = TABLES[table.name]
            if known.left is not None:
                continue
            names = [one.name for one in table.columns if one.name not in known.columns]
            keys = [one.name for one in table.primary_key.columns if one.name in names] or names
            rows = found[table.name] = {}
            for row in connection.execute(table.select()).mappings():
                if until is not None and table.name in CHAIN and row["number"] > until:
                    continue
                version = (row.get("procedure_id"), row.get("major"), row.get("minor"))
                if known.beside is not None and (row.get("digest") in lost or version in gone | after):
                    continue
                rows[tuple(row[key] for key in keys)] = {name: row[name] for name in names}
    return found


CHAIN = {"decision", "decision_text", "outbox"}
