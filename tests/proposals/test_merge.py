"""Putting a proposal together with what was approved meanwhile: what is kept, and what a person must choose."""

import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from samrutine.messages import LANGUAGES
from samrutine.procedures.model import (
    AccessClass,
    Attachment,
    Digest,
    LocalInformation,
    LocalInformationType,
    Source,
)
from samrutine.procedures.text import read, write
from samrutine.proposals.conflicts import Conflict, ConflictKind, told
from samrutine.proposals.front_words import words_of
from samrutine.proposals.merge import Merged, merge
from tests.procedures.texts import BODY, a_text

PHONE = LocalInformation("vakttelefon", "Vakttelefon", LocalInformationType.SERVICE_PHONE, required=True)
LEADER = LocalInformation("leder", "Leder", LocalInformationType.FUNCTION)
LIST = "## Framgangsmåte\n\n1. Vask hendene.\n2. Tørk dem.\n3. Bruk krem.\n"
TABLE = "## Doser\n\n| Alder | Dose |\n|---|---|\n| 1 år | 5 ml |\n| 2 år | 10 ml |\n"


def stored(text):
    return read(write(text), "test")


def a_body(**sections):
    return stored(a_text("\n\n".join(f"## {name}\n\n{words}" for name, words in sections.items())))


def merged_bodies(base, ours, theirs):
    return merge(*(stored(a_text(body)) for body in (base, ours, theirs)))


def changed(old, new, body=BODY):
    assert old in body
    return body.replace(old, new)


class TestWhatIsPutTogether:
    def test_a_change_here_and_a_change_there_are_both_in_the_text(self):
        """
        One wrote about the purpose while another's words about the responsibility were approved.
        """
        ours, theirs = changed("Hindre smitte.", "Hindre all smitte."), changed("Avdelingsleder.", "Kommuneoverlegen.")

        merged = merged_bodies(BODY, ours, theirs)

        assert merged.conflicts == ()
        assert merged.text.body == changed("Avdelingsleder.", "Kommuneoverlegen.", ours)

    def test_two_steps_of_one_list_are_two_places(self):
        """
        The procedure of a routine is one list; two who each mend a step have not touched the same.
        """
        ours, theirs = changed("Vask hendene.", "Vask hendene godt.", LIST), changed("krem", "håndkrem", LIST)

        merged = merged_bodies(LIST, ours, theirs)

        assert merged == Merged(stored(a_text(changed("krem", "håndkrem", ours))), ())

    def test_a_new_step_does_not_touch_the_steps_that_got_a_new_number(self):
        """
        Numbers are counted anew; a step is the same step with another number.
        """
        ours = changed("2. Tørk dem.", "2. Skyll.\n3. Tørk dem.", LIST)
        theirs = changed("Bruk krem.", "Bruk krem uten parfyme.", LIST)

        merged = merged_bodies(LIST, ours, theirs)

        assert merged.conflicts == ()
        assert merged.text.body.endswith("1. Vask hendene.\n2. Skyll.\n3. Tørk dem.\n4. Bruk krem uten parfyme.\n")

    def test_two_cells_of_one_row_are_two_places(self):
        """
        A table of doses is corrected cell by cell.
        """
        merged = merged_bodies(TABLE, changed("2 år", "2–4 år", TABLE), changed("10 ml", "12 ml", TABLE))

        assert merged.conflicts == ()
        assert "| 2–4 år | 12 ml |" in merged.text.body

    def test_a_section_keeps_its_changes_when_the_other_renamed_or_moved_it(self):
        """
        A heading may be mended while another writes below it.
        """
        base = a_body(Formål="Hindre smitte.", Ansvar="Leder har ansvar for alt utstyr i enheten.", Avvik="Meld avvik.")
        ours = a_body(
            Formål="Hindre smitte.",
            Ansvar="Leder har ansvar for alt utstyr og opplæring i enheten.",
            Avvik="Meld avvik.",
        )
        theirs = a_body(
            Ansvarlig="Leder har ansvar for alt utstyr i enheten.", Formål="Hindre smitte.", Avvik="Meld avvik."
        )

        merged = merge(base, ours, theirs)

        assert merged.conflicts == ()
        assert merged.text.body.startswith("## Ansvarlig\n\nLeder har ansvar for alt utstyr og opplæring i enheten.")

    def test_what_two_add_under_one_heading_stays_under_it(self):
        """
        A new section must not come between a heading and its own sub-sections.
        """
        ours = changed("## Avvik", "### Utstyr\n\nSåpe.\n\n## Avvik")
        theirs = changed("## Avvik", "## Opplæring\n\nHvert år.\n\n## Avvik")

        merged = merged_bodies(BODY, ours, theirs)

        assert merged.conflicts == ()
        headings = [line for line in merged.text.body.splitlines() if line.startswith("#")]
        assert headings[3:] == ["## Framgangsmåte", "### Utstyr", "## Opplæring", "## Avvik"]

    def test_two_new_notes_with_one_number_stay_two_notes(self):
        """
        Both writers call their new note 1; one dose limit must not come to stand under the other's sentence.
        """
        ours = changed("Hindre smitte.", "Hindre smitte.[^1]") + "\n[^1]: Etter råd fra FHI.\n"
        theirs = changed("Meld avvik.", "Meld avvik.[^1]") + "\n[^1]: Innen 24 timer.\n"

        merged = merged_bodies(BODY, ours, theirs)

        assert merged.conflicts == ()
        assert "Hindre smitte.[^1]" in merged.text.body
        assert "[^1]: Etter råd fra FHI." in merged.text.body
        assert "Meld avvik.[^2]" in merged.text.body
        assert "[^2]: Innen 24 timer." in merged.text.body

    def test_a_note_nobody_uses_any_more_goes_with_the_sentence(self):
        """
        A note without its sentence would be refused by the stored form.
        """
        base = changed("Meld avvik.", "Meld avvik.[^1]") + "\n[^1]: Innen 24 timer.\n"
        ours = changed("Hindre smitte.", "Hindre all smitte.", base)

        merged = merged_bodies(base, ours, BODY)

        assert merged == Merged(stored(a_text(changed("Hindre smitte.", "Hindre all smitte."))), ())


class TestWhatAPersonMustChoose:
    def test_one_paragraph_changed_twice_is_a_conflict_that_names_its_section(self):
        """
        Two sentences about who is responsible cannot both stand, and a machine must not choose.
        """
        ours, theirs = changed("Avdelingsleder.", "Teamleder."), changed("Avdelingsleder.", "Kommuneoverlegen.")

        merged = merged_bodies(BODY, ours, theirs)

        assert merged.text.body == ours
        assert merged.conflicts == (
            Conflict("Ansvar", ConflictKind.TEXT, "Avdelingsleder.", "Teamleder.", "Kommuneoverlegen."),
        )

    def test_one_dose_changed_twice_is_a_conflict_in_its_cell(self):
        """
        The other cells of the row are not in doubt.
        """
        merged = merged_bodies(TABLE, changed("10 ml", "8 ml", TABLE), changed("10 ml", "12 ml", TABLE))

        assert merged.conflicts == (Conflict("Doser", ConflictKind.TEXT, "10 ml", "8 ml", "12 ml"),)

    def test_what_was_taken_out_here_and_changed_there_is_asked_about(self):
        """
        Somebody found the section worth mending; taking it out is then a choice, not a tidying.
        """
        ours = changed("## Omfang\n\nAlle ansatte.\n\n", "")
        theirs = changed("Alle ansatte.", "Alle ansatte og vikarer.")

        merged = merged_bodies(BODY, ours, theirs)

        assert merged.text.body == ours
        assert merged.conflicts == (
            Conflict(
                "Omfang",
                ConflictKind.REMOVED_HERE,
                "## Omfang\n\nAlle ansatte.",
                "",
                "## Omfang\n\nAlle ansatte og vikarer.",
            ),
        )

    def test_what_was_changed_here_and_taken_out_there_stays_until_somebody_chooses(self):
        """
        The words of the proposal are not lost because another did without the section.
        """
        ours = changed("Alle ansatte.", "Alle ansatte og vikarer.")
        theirs = changed("## Omfang\n\nAlle ansatte.\n\n", "")

        merged = merged_bodies(BODY, ours, theirs)

        assert merged.text.body == ours
        assert [one.kind for one in merged.conflicts] == [ConflictKind.REMOVED_THERE]

    def test_what_is_put_in_under_a_heading_the_other_took_out_is_asked_about(self):
        """
        A sub-section must not slip in under another heading when its own is gone.
        """
        ours = changed("## Omfang\n\nAlle ansatte.\n\n", "")
        theirs = changed("Alle ansatte.\n", "Alle ansatte.\n\n### Vikarer\n\nOgså vikarer.\n")

        merged, mirrored = merged_bodies(BODY, ours, theirs), merged_bodies(BODY, theirs, ours)

        assert merged.text.body == ours
        assert [(one.where, one.kind) for one in merged.conflicts] == [("Vikarer", ConflictKind.REMOVED_HERE)]
        assert mirrored.text.body == theirs
        assert [(one.where, one.kind) for one in mirrored.conflicts] == [("Omfang", ConflictKind.REMOVED_THERE)]

    def test_two_new_paragraphs_at_one_place_are_asked_about(self):
        """
        They may say the same in two ways; only a person sees it.
        """
        ours, theirs = (
            changed("Meld avvik.", "Meld avvik.\n\nRing leder."),
            changed("Meld avvik.", "Meld avvik.\n\nSi fra til vakten."),
        )

        merged = merged_bodies(BODY, ours, theirs)

        assert merged.text.body == ours
        assert merged.conflicts == (
            Conflict("Avvik", ConflictKind.ADDED_TWICE, "", "Ring leder.", "Si fra til vakten."),
        )

    def test_sections_moved_two_ways_are_asked_about(self):
        """
        Any third order would be nobody's.
        """
        base = a_body(En="1.", To="2.", Tre="3.")

        merged = merge(base, a_body(To="2.", En="1.", Tre="3."), a_body(Tre="3.", En="1.", To="2."))

        assert [one.kind for one in merged.conflicts] == [ConflictKind.ORDER]
        assert merged.text == a_body(To="2.", En="1.", Tre="3.")

    def test_a_text_that_could_not_be_kept_is_asked_about_whole(self):
        """
        Two lists within bounds can make one beyond them; then both are shown, and nothing is lost.
        """

        def steps(*groups):
            return "## Liste\n\n" + "".join(f"- {group}{n}\n" for group, count in groups for n in range(count))

        base, ours, theirs = steps(("m", 100)), steps(("a", 150), ("m", 100)), steps(("m", 100), ("z", 150))

        merged = merged_bodies(base, ours, theirs)

        assert [one.kind for one in merged.conflicts] == [ConflictKind.WHOLE]
        assert merged.text.body == stored(a_text(ours)).body

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("kind", ConflictKind)
    def test_every_conflict_has_a_sentence(self, kind, language):
        """
        A conflict is shown in words, to a person who never saw a merge.
        """
        conflict = Conflict("sources" if kind is ConflictKind.FIELD else "", kind, "", "a", "b")

        assert told(conflict, language)


class TestFrontMatter:
    def test_each_value_is_a_place_of_its_own(self):
        """
        A new title and a shorter interval have nothing to do with each other.
        """
        base = a_text()

        merged = merge(base, replace_front(base, title="Rene hender"), replace_front(base, review_interval_months=12))

        assert merged == Merged(replace_front(base, title="Rene hender", review_interval_months=12), ())

    def test_what_both_add_to_a_list_is_there_once(self):
        """
        Two sources are two sources, and one added twice is one.
        """
        new = [Source("Prøvevik kommune", title, None, date(2026, 7, 28)) for title in ("A", "B", "C")]
        base = a_text()
        old = base.front.sources

        merged = merge(
            base, replace_front(base, sources=(*old, *new[:2])), replace_front(base, sources=(*old, *new[1:]))
        )

        assert merged.conflicts == ()
        assert set(merged.text.front.sources) == {*old, *new}
        assert len(merged.text.front.sources) == 4

    def test_a_source_taken_out_here_stays_out_when_the_other_added_one(self):
        """
        Lists are merged by what stands in them, not as a whole.
        """
        base = a_text(local_information=(PHONE,))

        merged = merge(
            base, replace_front(base, local_information=()), replace_front(base, local_information=(PHONE, LEADER))
        )

        assert merged == Merged(replace_front(base, local_information=(LEADER,)), ())

    def test_one_value_changed_twice_is_asked_about_in_words(self):
        """
        The field is named, and what each wrote.
        """
        base = a_text()

        merged = merge(base, replace_front(base, title="Rene hender"), replace_front(base, title="Håndvask"))

        assert merged.text.front.title == "Rene hender"
        assert merged.conflicts == (Conflict("title", ConflictKind.FIELD, "Håndhygiene", "Rene hender", "Håndvask"),)
        assert told(merged.conflicts[0]).startswith("Tittel: ")

    def test_an_exemption_and_its_basis_are_one(self):
        """
        Apart, they could make an open text with a basis for being exempt, which cannot be read.
        """
        base = replace_front(a_text(), access=AccessClass.EXEMPT, access_basis="offl. § 13")
        ours = replace_front(base, access_basis="offl. § 24 tredje ledd")
        theirs = replace_front(base, access=AccessClass.OPEN, access_basis=None)

        merged = merge(base, ours, theirs)

        assert [one.where for one in merged.conflicts] == ["access"]
        assert merged.text == ours

    @pytest.mark.parametrize(
        ("base", "ours", "theirs", "stands", "asked"),
        [
            ("open", "internal", "exempt", "exempt", True),
            ("exempt", "open", "exempt", "exempt", True),
            ("exempt", "exempt", "open", "exempt", True),
            ("open", "open", "exempt", "exempt", False),
            ("open", "exempt", "open", "exempt", False),
            ("exempt", "open", "open", "open", False),
            ("exempt", "internal", "open", "internal", True),
        ],
    )
    def test_the_stricter_access_stands_until_somebody_has_looked(self, base, ours, theirs, stands, asked):
        """
        The words of both are in the text, so it is guarded as the one that is guarded most.
        """
        three = []
        for n, access in enumerate((base, ours, theirs)):
            basis = "offl. § 13" if access == "exempt" else None
            three.append(replace_front(a_text(), access=AccessClass(access), access_basis=basis, title=f"Tittel {n}"))

        merged = merge(*three)

        assert merged.text.front.access == stands
        assert ("access" in [one.where for one in merged.conflicts]) is asked

    def test_what_was_exempt_is_not_shown_beside_a_text_that_both_opened(self):
        """
        A conflict shows what stood there before; here that is for fewer than may read the proposal.
        """
        base = replace_front(a_text(), access=AccessClass.EXEMPT, access_basis="offl. § 13", title="Nittini")
        opened = {"access": AccessClass.OPEN, "access_basis": None}

        merged = merge(base, replace_front(base, title="A", **opened), replace_front(base, title="B", **opened))

        assert merged.conflicts == (Conflict("title", ConflictKind.FIELD, "", "A", "B"),)

    def test_every_field_can_be_put_into_words(self):
        """
        What a conflict or a comparison shows is not a value from the code.
        """
        text = a_text(
            local_information=(PHONE,),
            attachments=(Attachment("skjema.pdf", "application/pdf", Digest("1:" + "a" * 64)),),
        )

        assert words_of(text.front, "kind") == ("Rutine",)
        assert words_of(text.front, "local_information") == (
            "Vakttelefon (tjenestetelefon, må fylles ut) {{vakttelefon}}",
        )
        assert words_of(text.front, "sources") == ("Prøvevik kommune: Veileder, lest 28.07.2026",)
        assert words_of(text.front, "access_basis") == ()


def replace_front(text, **values):
    return replace(text, front=replace(text.front, **values))


WORDS = [
    "vask",
    "hendene",
    "godt",
    "med",
    "såpe",
    "før",
    "og",
    "etter",
    "stell",
    "av",
    "pasienten",
    "ikke",
    "glem",
    "ringer",
    "klokke",
    "5",
    "ml",
]


def a_random_body(chance):
    """Give a body of sections that differ, with paragraphs, lists and tables."""
    pieces = []
    for n in range(chance.randint(1, 5)):
        pieces.append(f"{'#' * chance.choice((2, 2, 3))} Del {n}")
        pieces += [a_random_block(chance) for _ in range(chance.randint(0, 4))]
    return "\n\n".join(pieces)


def words(chance):
    return " ".join(chance.choices(WORDS, k=chance.randint(2, 9))).capitalize() + f" {chance.randint(0, 99)}."


def a_random_block(chance):
    kind = chance.randint(0, 5)
    if kind == 0:
        return "\n".join(f"- {words(chance)}" for _ in range(chance.randint(1, 5)))
    if kind == 1:
        return "\n".join(f"{n}. {words(chance)}" for n in range(1, chance.randint(2, 6)))
    if kind == 2:
        rows = "\n".join(f"| {words(chance)} | {words(chance)} |" for _ in range(chance.randint(1, 4)))
        return f"| Hva | Hvor mye |\n|---|---|\n{rows}"
    return words(chance)


def edited(body, chance):
    """Change a body here and there: words, whole blocks, sections, lines of lists and tables."""
    pieces = body.rstrip("\n").split("\n\n")
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(pieces))
        match chance.randint(0, 5):
            case 0 if len(pieces) > 1:
                del pieces[at]
            case 1:
                pieces.insert(at, a_random_block(chance))
            case 2:
                pieces.insert(at, f"## {words(chance)}")
            case 3:
                pieces.insert(chance.randrange(len(pieces)), pieces.pop(at))
            case _:
                lines = pieces[at].split("\n")
                line = chance.randrange(len(lines))
                if not set(lines[line]) <= set("|- "):
                    lines[line] = lines[line].replace(" ", f" {chance.choice(WORDS)} ", 1).replace(".", " nå.")
                pieces[at] = "\n".join(lines)
    return "\n\n".join(pieces)


def three_texts(seed):
    chance = random.Random(seed)
    base = stored(a_text(a_random_body(chance)))
    return base, stored(a_text(edited(base.body, chance))), stored(a_text(edited(base.body, chance)))


class TestWhateverIsWritten:
    @given(st.integers(0, 10**9))
    @settings(max_examples=25, deadline=None)
    def test_who_changed_nothing_takes_nothing_away(self, seed):
        """
        merge(b, b, t) is t, merge(b, o, b) is o, and two who wrote the same agree.
        """
        base, ours, theirs = three_texts(seed)

        assert merge(base, base, theirs) == Merged(theirs, ())
        assert merge(base, ours, base) == Merged(ours, ())
        assert merge(base, ours, ours) == Merged(ours, ())

    @given(st.integers(0, 10**9))
    @settings(max_examples=25, deadline=None)
    def test_every_merged_text_can_be_kept_and_read(self, seed):
        """
        A merge that a later step refuses would leave a proposal nobody can open.
        """
        base, ours, theirs = three_texts(seed)

        merged = merge(base, ours, theirs)

        assert stored(merged.text) == merged.text
        assert merge(base, ours, theirs) == merged

    @given(st.integers(0, 10**9))
    @example(3000)  # one moves the first step away, so that the list begins at 2; the other changes later steps
    @settings(max_examples=25, deadline=None)
    def test_without_conflicts_the_two_are_treated_alike(self, seed):
        """
        Which of the two is called ours decides nothing where nobody has to choose: the same words are there.
        """
        base, ours, theirs = three_texts(seed)

        merged, mirrored = merge(base, ours, theirs), merge(base, theirs, ours)

        if not merged.conflicts and not mirrored.conflicts:
            assert sorted(merged.text.body.split()) == sorted(mirrored.text.body.split())

    @given(st.integers(0, 10**9))
    @settings(max_examples=25, deadline=None)
    def test_edits_in_different_sections_never_meet(self, seed):
        """
        Two who write in two sections both find their words, and nobody is asked anything.
        """
        chance = random.Random(seed)
        sections = [[a_random_block(chance) for _ in range(chance.randint(1, 4))] for _ in range(4)]
        here, there = chance.sample(range(4), 2)

        def text(mine=None, other=None):
            rows = [
                (mine if n == here and mine else other if n == there and other else blocks)
                for n, blocks in enumerate(sections)
            ]
            return stored(a_text("\n\n".join(f"## Del {n}\n\n" + "\n\n".join(rows[n]) for n in range(4))))

        mine, other = (
            [*chance.sample(sections[n], chance.randint(0, len(sections[n]))), f"Nytt {chance.random()}."]
            for n in (here, there)
        )

        assert merge(text(), text(mine), text(None, other)) == Merged(text(mine, other), ())
