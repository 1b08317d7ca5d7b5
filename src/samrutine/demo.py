"""
The demo: a story of nine municipalities, played through `Library` alone.

Twelve routines are brought in as drafts and approved by their networks. Each municipality fills in what is its own,
decides, and publishes. Two routines get a second version, and not everybody follows at once. At the end something is
left to do: a draft, a round of approval that lacks some, and versions that nobody has answered. The people are
invented and named for what they do; every page and document says DEMO.

The story begins `DAYS_AGO` days back, so that there is a past to ask about.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from samrutine.errors import DemoExists, HomeExists, SamrutineError
from samrutine.library import Library
from samrutine.settings import SETTINGS_FILE

if TYPE_CHECKING:
    from samrutine.networks.model import Municipality
    from samrutine.procedures.model import FrontMatter, LocalInformation
    from samrutine.proposals.model import Proposal

PUBLISHED: Final = "publisert"
"""The folder in the home that holds what is published: a folder for each municipality, and one ZIP package."""

ADDRESS: Final = "http://127.0.0.1:8000"
"""Where the demo's links lead: this machine, on the port that `samrutine demo` tries first."""

EDITOR: Final = "redaktor"
TARGET: Final = "kvalitetssystem"

DAYS_AGO: Final = 60
SECOND_VERSIONS_DAYS_AGO: Final = 12

SIGNIFICANT: Final = "fravaer-kritiske-oppgaver"
MINOR: Final = "skrive-avvik"

IN_ROUND: Final = "parorendeinvolvering"
DRAFTED: Final = "sjekkliste-nyansatt"
FOLLOWED: Final = "sjekkliste-nyansatt"

UNHEARD: Final = "Startbiblioteket er lest sammen i fagnettverket."
"""Why the demo's texts were not heard: its story begins after that."""
MEANING: Final = (
    "Leder og stedfortreder går gjennom oversikten sammen hvert kvartal, og skriver ned datoen.\n"
    "Den som er satt opp på en rød oppgave, skal ha gjort den minst én gang det siste året.\n"
    "Avdelingen trenger en fast dag til gjennomgangen, og den første er innen en måned."
)

# What each second version adds, and the section it is added to: whole paragraphs, so that the starter texts may be
# edited without the demo breaking.
ADDED_TO_SIGNIFICANT: Final = (
    "Vær forberedt",
    (
        "- Gå gjennom oversikten sammen med stedfortrederen hvert kvartal, og skriv datoen øverst i den.\n"
        "- La den som er satt opp på en rød oppgave, gjøre den minst én gang i året mens en som kan den, er på jobb."
    ),
)
ADDED_TO_MINOR: Final = (
    "Skriv meldingen",
    "Rekker du ikke alt før vakten er slutt, så send det du har. Du kan føye til mer senere.",
)
ADDED_TO_ROUND: Final = (
    "Snakk om samtykke",
    "Sett opp en ny samtale i kalenderen før dere går fra hverandre, så blir spørsmålet tatt opp igjen.",
)
ADDED_TO_DRAFT: Final = ("Første uke", "- [ ] Den nye har hilst på tillitsvalgt")

STEPS: Final = 12 + 2 + 12 * 9 + 2 + 10
"""How many times `play` tells what it has begun: versions, answers and targets. A bar needs the length of the way."""

DECIDERS: Final = (
    ("direktor", "chief-executive", "kommunedirektør"),
    ("leder", "head-of-service", "kommunalsjef helse og omsorg"),
    ("oppvekst", "head-of-service", "kommunalsjef oppvekst"),
)
"""Who decides in each municipality: sign-in name, level and position. `decider_of` tells whose a routine is."""

BEHIND: Final = frozenset({"rodoy", "steigen", "meloy"})
"""Municipalities that stay on the first version when the second comes."""

OTHER_ANSWERS: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("beiarn", "barnekoordinator"): (
        "decline", "Oppgaven er lagt til interkommunalt samarbeid. Vi ser på den på nytt når avtalen går ut.",
    ),
    ("rodoy", "personalalarm-panikk"): (
        "decline", "Vi har ikke anskaffet alarmer ennå. Saken tas opp igjen i budsjettet.",
    ),
    ("gildeskal", "epds-stottesamtale"): (
        "not_relevant", "Nabokommunen driver helsestasjonen for oss, og følger sin egen rutine.",
    ),
    ("rodoy", "innleggelse-spesialist"): (
        "not_relevant", "Legevakta vi samarbeider med, tar seg av alle innleggelser.",
    ),
    ("fauske", "sjekkliste-nyansatt"): ("own_routine", "https://rutiner.example/fauske/nyansatt"),
    ("hamaroy", "parorendeinvolvering"): ("own_routine", "https://rutiner.example/hamaroy/parorende"),
    ("saltdal", "mobbing-skole"): ("end", "Skolen har gått over til kommunens nye plan for et trygt skolemiljø."),
}  # fmt: skip
"""Answers that are not yes, with the reason or the address."""

NOT_ANSWERED: Final = frozenset(
    {("sorfold", "defusing-debrifing"), ("hamaroy", "den-forste-samtalen"), ("fauske", "defusing-debrifing")}
)
"""What still waits in somebody's inbox, as it does in life."""


@dataclass(frozen=True, slots=True)
class Played:
    """The demo as it was left: where, and how much of everything."""

    home: Path
    counts: Mapping[str, object]
    day_before_second_versions: date
    in_round: "Proposal"
    next_member: str


class Clock:
    """The story's clock: it stands where it is put and moves a minute with each look, so that no two acts are one."""

    def __init__(self, now: datetime) -> None:
        self._end = now
        self._now = now

    def days_ago(self, days: int) -> None:
        """Go to nine in the morning, so many days before the end of the story."""
        day = (self._end - timedelta(days=days)).date()
        self._now = datetime.combine(day, time(9), UTC)

    def end(self) -> None:
        """Go to the present."""
        self._now = self._end

    def __call__(self) -> datetime:
        """Look at the clock."""
        self._now = min(self._now + timedelta(seconds=20), self._end)
        return self._now


def play(
    home: Path, *, address: str = ADDRESS, now: datetime | None = None, on_step: Callable[[str], None] | None = None
) -> Played:
    """
    Make a demo library in a home and play the story.

    Args:
        address: Where the links and QR codes of the documents lead: where `samrutine.showing` shows the folders.
        now: When the story ends, aware; the present instant when None.
        on_step: Told what is begun, `STEPS` times in all.

    Raises:
        DemoExists: The home holds a demo already, whole or not.
        HomeExists: The home holds something else.
    """
    _refuse_what_is_in_use(home)
    clock = Clock(now or datetime.now(UTC))
    clock.days_ago(DAYS_AGO)
    library = Library.init(
        home, editor_login=EDITOR, editor_name="Demo Redaktør", starter=True, demo=True, address=address, clock=clock
    )
    with library:
        story = _Story(library, clock, home, on_step or (lambda name: None))  # noqa: ARG005  the same shape
        # Git and search need not follow each of four hundred decisions; nobody looks before the end of the story.
        with library.together():
            story.invite_people()
            story.approve_first_versions()
            clock.days_ago(DAYS_AGO - 14)
            story.fill_in_and_decide()
            clock.days_ago(SECOND_VERSIONS_DAYS_AGO)
            story.make_second_versions()
            clock.days_ago(SECOND_VERSIONS_DAYS_AGO - 7)
            story.follow_second_versions()
            clock.days_ago(2)
            in_round, next_member = story.leave_something_to_do()
        clock.end()
        story.publish()
        counts = story.counts()
    second = (clock() - timedelta(days=SECOND_VERSIONS_DAYS_AGO)).date()
    return Played(home, counts, second - timedelta(days=1), in_round, next_member)


def _refuse_what_is_in_use(home: Path) -> None:
    """Tell a demo, which may be deleted, from a library, which may not."""
    if not home.exists() or (home.is_dir() and not any(home.iterdir())):
        return
    demo = False
    if (home / SETTINGS_FILE).exists():
        # One that cannot be opened may be anything, so nobody is told to delete it.
        with suppress(SamrutineError), Library.open(home) as library:
            demo = library.is_demo
    raise DemoExists(home=home) if demo else HomeExists(home=home)


class _Story:
    """The acts of the story, each by the one whose it is."""

    def __init__(self, library: Library, clock: Clock, home: Path, on_step: Callable[[str], None]) -> None:
        self.library = library
        self.clock = clock
        self.home = home
        self.on_step = on_step
        self.municipalities = library.municipalities()
        self.published_files = 0

    # People ---------------------------------------------------------------------------------------------------------

    def invite_people(self) -> None:
        """Five in each municipality: three who decide what is theirs, one who prepares, one in the networks."""
        networks = sorted({one.network for one in self.library.proposals(reader=EDITOR)})
        for number, where in enumerate(self.municipalities):
            body = f"municipality:{where.number}"
            for login, name in (
                ("direktor", "Demo Kommunedirektør"),
                ("leder", "Demo Helsesjef"),
                ("oppvekst", "Demo Oppvekstsjef"),
                ("kvalitet", "Demo Kvalitet"),
                ("fag", "Demo Fagperson"),
            ):
                self.library.add_person(f"{login}.{where.slug}", f"{name} {where.name}", by=EDITOR)
            self.library.grant(f"kvalitet.{where.slug}", "responsible", body, by=EDITOR)
            self.library.grant(f"fag.{where.slug}", "employee", body, by=EDITOR)
            for login, level, position in DECIDERS:
                self.library.delegate(
                    f"{login}.{where.slug}", where.number, level, position, by=f"kvalitet.{where.slug}",
                    reference="Delegasjonsreglementet (demo)",
                )  # fmt: skip
            for place, network in enumerate(networks):
                # Each network has a leader and four members, from five municipalities, and they take turns.
                turn = (number - place) % len(self.municipalities)
                if turn == 0:
                    self.library.grant(f"fag.{where.slug}", "leader", f"network:{network}", by=EDITOR)
                elif turn < 5:  # noqa: PLR2004  four members beside the leader
                    self.library.grant(f"fag.{where.slug}", "member", f"network:{network}", by=EDITOR)
        self.members = {
            network: [f"fag.{self.municipalities[(place + turn) % len(self.municipalities)].slug}" for turn in range(5)]
            for place, network in enumerate(networks)
        }

    # Texts ----------------------------------------------------------------------------------------------------------

    def approve_first_versions(self) -> None:
        """Every starter routine is read and approved by its network: the leader and three others."""
        for proposal in self.library.proposals(reader=EDITOR):
            self.on_step(proposal.title)
            self._approve(proposal)

    def _approve(self, proposal: "Proposal") -> None:
        leader, *others = self._approvers(proposal)
        self.library.send(proposal.id, digest=proposal.digest, unheard=UNHEARD, by=leader)
        for member in (*others, leader):
            self.library.approve(proposal.id, digest=proposal.digest, by=member)

    def _approvers(self, proposal: "Proposal") -> list[str]:
        """Give the leader, and three members from other municipalities than the author's."""
        leader, *members = self.members[proposal.network]
        slugs = {str(one.number): one.slug for one in self.municipalities}
        own = f"fag.{slugs.get(proposal.author_municipality)}" if proposal.author_municipality else None
        return [leader, *[one for one in members if one != own][:3]]

    def make_second_versions(self) -> None:
        """One significant change, and one minor correction, each proposed by somebody who works with it."""
        for procedure, significance, meaning, added, author in (
            (SIGNIFICANT, "major", MEANING, ADDED_TO_SIGNIFICANT, "kvalitet.fauske"),
            (MINOR, "minor", None, ADDED_TO_MINOR, "kvalitet.saltdal"),
        ):
            self.on_step(procedure)
            self._approve(self._propose(procedure, added, by=author, significance=significance, meaning=meaning))

    def leave_something_to_do(self) -> "tuple[Proposal, str]":
        """A draft that nobody has sent, and a round that lacks two: the proposal, and the member who is next."""
        self.on_step(DRAFTED)
        self._propose(DRAFTED, ADDED_TO_DRAFT, by="kvalitet.beiarn", significance="minor", meaning=None)
        self.on_step(IN_ROUND)
        found = self._propose(IN_ROUND, ADDED_TO_ROUND, by="kvalitet.rodoy", significance="minor", meaning=None)
        leader, first, second, third = self._approvers(found)
        self.library.send(found.id, digest=found.digest, unheard=UNHEARD, by=leader)
        for member in (first, second):
            self.library.approve(found.id, digest=found.digest, by=member)
        run = self.library.open_checklist(
            FOLLOWED,
            "beiarn",
            "Kari",
            helpers={"Fadder": "fag.beiarn"},
            by="leder.beiarn",
            decision_id="demo-sjekkliste",
        ).run
        points = [one.point for one in self.library.followed_checklist(run, by="leder.beiarn").points]
        for part, who in (("Leder", "leder.beiarn"), ("Fadder", "fag.beiarn")):
            theirs = [one.key for one in points if one.part == part]
            self.library.mark_points(run, dict.fromkeys(theirs[:6], "done"), by=who)
        return found, third

    def _propose(
        self, procedure: str, added: tuple[str, str], *, by: str, significance: str, meaning: str | None
    ) -> "Proposal":
        made = self.library.propose(
            _with_paragraph(self.library.document(procedure).text, *added), by=by, name=f"{procedure}.md",
            changes=procedure, significance=significance, meaning=meaning,
        )  # fmt: skip
        return self.library.get_proposal(made.proposal, reader=EDITOR)[0]

    # Use ------------------------------------------------------------------------------------------------------------

    def fill_in_and_decide(self) -> None:
        """Each municipality fills in what the routine leaves to it, and answers."""
        for procedure in self.library.procedures():
            front = self.library.document(procedure.id).text.front
            for where in self.municipalities:
                self.on_step(f"{where.name}: {procedure.title}")
                self._answer(where, front)

    def _answer(self, where: "Municipality", front: "FrontMatter") -> None:
        procedure, decider = str(front.id), f"{decider_of(front)}.{where.slug}"
        answer, words = OTHER_ANSWERS.get((where.slug, procedure), ("adopt", ""))
        if answer in {"adopt", "end"}:
            values = {field.key: _invented(field, where) for field in front.local_information}
            if values:
                self.library.set_local_information(procedure, where.slug, values, by=f"kvalitet.{where.slug}")
        if (where.slug, procedure) in NOT_ANSWERED:
            return
        if answer in {"adopt", "end"}:
            self.library.adopt(
                procedure, where.slug, by=decider, reason=f"Gjennomgått i ledermøtet i {where.name} (demo)."
            )
        if answer == "decline":
            self.library.decline(procedure, where.slug, reason=words, by=decider)
        elif answer == "not_relevant":
            self.library.mark_not_relevant(procedure, where.slug, reason=words, by=decider)
        elif answer == "own_routine":
            self.library.use_own_routine(procedure, where.slug, link=words, by=decider)

    def follow_second_versions(self) -> None:
        """Most take the second versions into use; some wait. One municipality ends a use."""
        deciders = {
            str(one.id): decider_of(self.library.document(one.id).text.front) for one in self.library.procedures()
        }
        for procedure in (SIGNIFICANT, MINOR):
            for where in self.municipalities:
                if where.slug not in BEHIND and (where.slug, procedure) not in OTHER_ANSWERS:
                    self.library.adopt(procedure, where.slug, by=f"{deciders[procedure]}.{where.slug}")
        for (slug, procedure), (answer, words) in OTHER_ANSWERS.items():
            if answer == "end":
                self.library.end_use(procedure, slug, reason=words, by=f"{deciders[procedure]}.{slug}")

    # Publishing -----------------------------------------------------------------------------------------------------

    def publish(self) -> None:
        """Into a folder for each municipality, and for one of them into a ZIP package too."""
        published = (self.home / PUBLISHED).absolute()
        for where in self.municipalities:
            folder = published / where.slug
            folder.mkdir(parents=True)
            self.on_step(where.name)
            by = f"kvalitet.{where.slug}"
            self.library.set_target(where.slug, TARGET, "folder", folder, by=by)
            self.library.publish(where.slug, by=by).require_all()
        where = next(one for one in self.municipalities if one.slug == "fauske")
        self.on_step("ZIP")
        by = f"kvalitet.{where.slug}"
        self.library.set_target(where.slug, "pakke", "package", published / f"{where.slug}.zip", by=by)
        self.library.publish(where.slug, target="pakke", by=by).require_all()
        self.published_files = sum(1 for path in published.rglob("*") if path.is_file())

    def counts(self) -> dict[str, object]:
        """Count what there is now, asked of the library and of the disk."""
        procedures = self.library.procedures()
        matrix = self.library.matrix()
        return {
            "home": str(self.home.resolve()),
            "procedures": len(procedures),
            "versions": sum(len(self.library.versions(one.id)) for one in procedures),
            "proposals": len(self.library.proposals(reader=EDITOR)),
            "decisions": self.library.totals(reader=EDITOR)["decisions"],
            "municipalities": len(self.municipalities),
            "adoptions": sum(1 for cell in matrix.cells.values() if cell.state.value != "to-consider"),
            "published_files": self.published_files,
        }


def decider_of(front: "FrontMatter") -> str:
    """Say who decides about a routine, of `DECIDERS`: the level it asks for, and for a service, whose service it is."""
    if front.decision_level.value == "chief-executive":
        return "direktor"
    return "oppvekst" if front.network == "oppvekst" else "leder"


def _with_paragraph(text: object, heading: str, added: str) -> bytes:
    """Give the bytes of a text with something more at the end of a section."""
    from dataclasses import replace

    from samrutine.procedures.model import ProcedureText
    from samrutine.procedures.sections import sections
    from samrutine.procedures.text import write

    if not isinstance(text, ProcedureText):
        raise TypeError(type(text).__name__)
    section = next(one for one in sections(text.body) if one.heading == heading)
    kept = section.text.rstrip()
    # A list goes on as a list; a paragraph stands apart.
    gap = "\n" if added.startswith("- ") and kept.rpartition("\n")[2].startswith("- ") else "\n\n"
    return write(replace(text, body=text.body.replace(kept, f"{kept}{gap}{added}", 1)))


def _invented(field: "LocalInformation", where: "Municipality") -> str:
    """Invent what a municipality fills in: plainly invented, and of the right kind."""
    from samrutine.procedures.model import LocalInformationType

    match field.type:
        case LocalInformationType.SERVICE_PHONE:
            # The last four digits are the municipality's number: nobody takes it for a real telephone.
            return f"00 00 {where.number[:2]} {where.number[2:]} (demo)"
        case LocalInformationType.FUNCTION:
            return f"enhetsleder i {where.name} (demo)"
        case LocalInformationType.TEXT:
            return _TEXTS.get(field.key, f"etter avtale i {where.name} (demo)")


_TEXTS: Final[Mapping[str, str]] = {
    "avvikssystem": "kvalitetssystemet på intranettet (demo)",
    "fagsystem": "journalsystemet (demo)",
    "sakssystem": "sak- og arkivsystemet (demo)",
    "opplaeringskurs": "e-læring på intranettet (demo)",
    "varslingskanal": "varslingsskjemaet på intranettet (demo)",
    "grenseverdi": "fastsatt av kommuneoverlegen (demo)",
    "tidspunkt": "seks uker etter fødsel (demo)",
}
