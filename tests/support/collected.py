"""Documents that municipalities sent in, as rows, for tests of what is made of them. All invented."""

import hashlib
from dataclasses import replace

from samrutine.intake.chosen import Keep, needs_choice, suggested
from samrutine.intake.report import Report, as_json
from samrutine.intake.variants import Compared, SideBySide
from samrutine.networks.directory import get_municipality
from samrutine.procedures.text import read, write
from samrutine.storage.rows import IncomingDocumentRow
from tests.support.stories import UNHEARD, agree_until_enough
from tests.support.texts import a_routine

DUTY = {
    "fauske": ("Håndtering av blodprøver", "75 60 00 00", "Avdelingslederen"),
    "beiarn": ("Blodprøver", "75 56 00 00", "Fagleder"),
    "saltdal": ("Håndtering av blodprøver", "75 68 00 00", "Enhetslederen"),
}


def a_local_routine(phone="75 60 00 00", who="Avdelingslederen", *, extra="", room="to til åtte grader"):
    """Give a routine as a municipality has it: much the same everywhere, with a phone, a leader and a habit of its own."""
    return (
        f"## Formål\n\nBlodprøver tas, merkes og sendes slik at svaret blir riktig.\n\n"
        f"## Ansvar\n\n{who} sørger for at alle som tar prøver, har fått opplæring.\n\n"
        f"## Framgangsmåte\n\n- Kontroller navn og fødselsdato før prøven tas.\n- Merk røret ved pasienten, aldri på forhånd.\n"
        f"- Sett røret i kjøleskap, {room}, hvis det ikke sendes samme dag.\n{extra}"
        f"\n## Avvik\n\nRing laboratoriet på telefon {phone} hvis prøven er merket feil.\n"
    )


def sent_in(
    library, municipality, title, body, *, collection=None, network="smittevern", state="waiting", by="redaktor",
    report=None,
):  # fmt: skip
    """Put a document where it lies when it was sent in and read; gives its id."""
    id_ = f"i-{hashlib.sha256(f'{municipality}:{title}:{body}'.encode()).hexdigest()[:12]}"
    with library._parts.database.writing() as session:
        town = get_municipality(session, municipality).number if municipality else None
        session.merge(
            IncomingDocumentRow(
                id=id_, collection_id=collection, municipality=town, network=network, name=f"{title}.docx",
                source_digest=hashlib.sha256(body.encode()).hexdigest(), size=len(body), kind="docx", state=state,
                title=title, text=body.encode() if state != "refused" else b"", report=as_json(report or Report()),
                received_at=library._now(), received_by=library._actor(by),
            )
        )  # fmt: skip
    return id_


def three_alike(library, collection=None, *, extra=""):
    """Let three municipalities send in what is one routine; gives the ids by municipality. `extra` is said by all."""
    own = {"beiarn": "- Send prøven med taxi etter klokka 15.\n"}
    return {
        town: sent_in(
            library, town, title, a_local_routine(phone, who, extra=extra + own.get(town, "")), collection=collection
        )
        for town, (title, phone, who) in DUTY.items()
    }


def merged(library, documents, *, by="leder"):
    """Say of all of them that they are merged."""
    for one in documents:
        library.triage(one, "merge", beside=[other for other in documents if other != one], by=by)


def chosen(library, documents, *, only_here=Keep.NONE):
    """Choose what most say, and of what one says alone nothing, or as told."""
    rows = library.side_by_side(documents, reader="leder").rows
    open_ = [row for row in rows if needs_choice(row) and row.number not in suggested(SideBySide((), rows))]
    return {row.number: only_here if row.compared is Compared.ONLY_HERE else 0 for row in open_}


def a_shared_draft(library, documents=None, *, by="redaktor", triaged_by="leder", **how):
    """Merge documents, those of three municipalities when none are given, and make the draft of them."""
    # By the editor, since who writes a draft does not approve it.
    of = list(three_alike(library).values()) if documents is None else list(documents)
    merged(library, of, by=triaged_by)
    return library.draft_from(of, chosen(library, of), by=by, **how)


def approved(library, made):
    """Let the network give a draft the law and the sources that it lacks, and agree to it; gives the routine's id."""
    proposal, text = library.get_proposal(made.proposal, reader="leder")
    draft, whole = read(text, "utkast"), read(a_routine(), "hel").front
    front = replace(
        draft.front, legal_basis=whole.legal_basis, sources=whole.sources, internal_control=whole.internal_control,
        professional_approval=whole.professional_approval,
    )  # fmt: skip
    library.revise(made.proposal, write(replace(draft, front=front)), read_digest=made.digest, by="redaktor")
    proposal, _ = library.get_proposal(made.proposal, reader="leder")
    library.send(made.proposal, digest=proposal.digest, unheard=UNHEARD, by="redaktor")
    agree_until_enough(library, replace(made, digest=proposal.digest))
    return proposal.procedure_id
