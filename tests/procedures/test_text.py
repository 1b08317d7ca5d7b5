"""Bytes to a value and back, and the one form a text is stored in."""

import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samrutine.errors import InvalidText
from samrutine.procedures.markdown import markdown
from samrutine.procedures.model import (
    AccessClass,
    Attachment,
    DecisionLevel,
    Digest,
    InternalControl,
    Kind,
    Language,
    LegalBasis,
    LocalInformation,
    LocalInformationType,
    ProcedureId,
    ProcedureText,
    Source,
)
from samrutine.procedures.text import canonical, digest, read, write
from tests.procedures.texts import BODY, a_file, a_head, a_text

GOLDEN = Path(__file__).parent / "golden"


def the_body(body: str) -> str:
    """The stored form of a body alone."""
    return canonical(a_file(body), "prøve.md").decode().split("---\n\n", 1)[1]


def refused(data: bytes) -> list[tuple[str, int]]:
    """Key and line of each finding, for a text that cannot be stored."""
    with pytest.raises(InvalidText) as error:
        canonical(data, "prøve.md")
    return [(finding.key, finding.line) for finding in error.value.findings]


class TestReading:
    def test_every_key_becomes_a_value(self):
        """
        What the writer states is what the library knows.
        """
        text = read((GOLDEN / "full.in.md").read_bytes(), "full.in.md")

        front = text.front
        assert (front.id, front.title, front.kind) == ("full", "Alt som kan stå: «prøve»", Kind.PLAN)
        assert front.language is Language.NB
        assert front.co_networks == ("helsestasjon",)
        assert front.prevention_level == 1
        assert (front.access, front.access_basis) == (AccessClass.EXEMPT, "offl. § 24 tredje ledd")
        assert front.internal_control == (InternalControl.HEALTH, InternalControl.HSE)
        assert front.legal_basis[0] == LegalBasis(
            "FOR-2009-02-13-205", "forskrift", "§§ 2-1, 2-3", date(2009, 2, 13), checked=True
        )
        assert front.legal_basis[1].checked is False
        assert front.sources == (
            Source("Prøvevik", "Veileder: del 1", "https://provevik.example/a#b", date(2026, 7, 28)),
        )
        assert front.decision_level is DecisionLevel.POLITICAL
        assert front.local_information[0] == LocalInformation(
            "vakttelefon", "Telefon til vakta", LocalInformationType.SERVICE_PHONE, required=True
        )
        assert front.attachments[0].media_type == "application/pdf"
        assert front.translation_of == "fra"

    @pytest.mark.parametrize("value", ["no", "yes", "on", "2026", "1_000", "0x1f", "1.0", "12:30", "0301"])
    def test_a_word_is_the_word_that_stands_there(self, value):
        """
        By older rules of YAML, the country `no` was false and 0301 another number.
        """
        text = read(a_file(head=a_head(title=value)), "prøve.md")

        assert text.front.title == value

    def test_a_draft_says_so_and_nothing_is_set_by_it(self):
        """
        Starter routines carry `status: utkast` for whoever reads the file; the library decides the status.
        """
        with_status = read(a_file(head=a_head(status="utkast")), "prøve.md")

        assert with_status == read(a_file(), "prøve.md")

    def test_the_body_keeps_its_lines(self):
        """
        Findings name lines, and the writer counts in their own file.
        """
        assert read(a_file("\n\n*  a\n*  b\n"), "prøve.md").body == "*  a\n*  b\n"

    def test_byte_order_mark_windows_lines_and_decomposed_letters_are_read(self):
        """
        Files come from Windows and Mac.
        """
        windows = b"\xef\xbb\xbf" + unicodedata.normalize("NFD", a_file().decode()).replace("\n", "\r\n").encode()

        assert read(windows, "prøve.md") == read(a_file(), "prøve.md")

    @pytest.mark.parametrize("title", ["سلامة المرضى", "医療手順", "Hábmer ŋ đ", "👩‍⚕️ vakt", "नमस्ते", "Привет"])
    def test_names_in_every_script_are_kept(self, title):
        """
        A routine may be named in the language of those who read it.
        """
        stored = canonical(a_file(f"## Formål\n\n{title}.\n", a_head(title=title)), "prøve.md")

        assert read(stored, "prøve.md").front.title == title
        assert title in read(stored, "prøve.md").body


class TestStoredForm:
    @pytest.mark.parametrize("name", ["full", "plain"])
    def test_the_bytes_of_the_stored_form_never_change(self, name):
        """
        Digests are taken of these bytes; if a new mdformat writes others, TEXT_FORM must change with it.
        """
        stored = canonical((GOLDEN / f"{name}.in.md").read_bytes(), name)

        assert stored == (GOLDEN / f"{name}.out.md").read_bytes()

    def test_what_is_stored_comes_back_unchanged(self):
        """
        Otherwise the digest would be another each time somebody saved.
        """
        stored = canonical((GOLDEN / "full.in.md").read_bytes(), "full")

        assert canonical(stored, "full") == stored
        assert write(read(stored, "full")) == stored

    def test_the_digest_is_of_the_stored_bytes(self):
        """
        It is the git blob's own content, so anybody can check it with sha256sum.
        """
        assert digest(b"") == "1:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    @pytest.mark.parametrize(
        "body",
        [
            "Ring {{vakttelefon}} nå.\n",
            "- [ ] en\n- [x] to\n",
            "| Hva | Hvem |\n| -- | -: |\n| Ring | Vakta |\n",
            "- a\n  - b\n    1. c\n    2. d\n",
            "Grense.[^1]\n\n[^1]: Fem milligram.\n",
            "~~gammelt~~ og **nytt**\n",
            "> Sitat\n>\n> - punkt\n",
            "```\nkode {{ikke-felt}}\n```\n",
            "Under 5 \\<mg> og a < b\n",
            "[første][a]\n\n[a]: https://provevik.example/a\n",
        ],
        ids=[
            "local field",
            "task list",
            "table",
            "nested list",
            "footnote",
            "marks",
            "quotation",
            "code",
            "less than",
            "link",
        ],
    )
    def test_what_routines_are_made_of_survives(self, body):
        """
        A checklist that lost its boxes would not be a checklist.
        """
        assert the_body(body) == body

    def test_a_body_that_begins_with_a_line_does_not_become_front_matter(self):
        """
        Three hyphens first in the body mean a line there.
        """
        assert the_body("---\n\na: b\n\n---\n").count("a: b") == 1

    def test_lists_are_written_one_way(self):
        """
        One changed item must be one changed line for whoever compares.
        """
        assert the_body("* a\n* b\n") == the_body("-   a\n-   b\n")

    @pytest.mark.parametrize("body", ["<\t\nord\n", "|-|> _\n    &1. *\t\n\\\n"], ids=["less than", "marks"])
    def test_what_the_formatter_needs_two_passes_for_is_stored_at_rest(self, body):
        """
        One pass leaves marks that the next would change, and the digest with them.
        """
        stored = canonical(a_file(body), "prøve.md")

        assert canonical(stored, "prøve.md") == stored

    def test_a_code_block_that_is_not_closed_is_closed(self):
        """
        A draft in the browser may end without a line feed.
        """
        assert write(a_text("~~~\nkode")).endswith(b"```\nkode\n```\n")

    def test_an_empty_body_is_only_front_matter(self):
        """
        A draft may begin with its front matter.
        """
        assert write(a_text("")).endswith(b"---\n")


class TestWhatWouldBeLost:
    def test_a_footnote_nothing_refers_to(self):
        """
        The tool that formats drops it in silence; a dose limit once vanished so.
        """
        assert refused(a_file("a\n\n[^1]: Høyst fem milligram.\n")) == [("footnote-unused", 27)]

    def test_one_of_two_footnotes_with_one_number(self):
        """
        Only the last would be kept.
        """
        assert refused(a_file("a[^1]\n\n[^1]: fem\n\n[^1]: ti\n")) == [("footnote-twice", 29)]

    def test_a_link_definition_nothing_uses(self):
        """
        Its title may hold words.
        """
        assert refused(a_file('a\n\n[x]: /y "Høyst fem"\n')) == [("link-unused", 27)]

    def test_one_of_two_link_definitions_with_one_name(self):
        """
        Only the first would be kept.
        """
        assert refused(a_file("[a][x]\n\n[x]: https://a.example\n[X]: https://b.example\n")) == [("link-twice", 28)]

    def test_words_nested_so_deep_that_the_parser_leaves_them_out(self):
        """
        Beyond twenty levels the words are gone without a word.
        """
        assert refused(a_file("> " * 30 + "a\n")) == [("nested-too-deep", 25)]

    def test_a_line_break_in_a_heading_that_would_become_other_words(self):
        """
        What nobody foresaw is refused too, since the reader's words are compared before and after.
        """
        assert refused(a_file("Ansvar\\\nfor alle\n---\n")) == [("form-changes", 25)]

    def test_a_control_character_written_as_a_reference(self):
        """
        The stored form would hold the character itself, and could not be read again.
        """
        assert refused(a_file("a\n\nb&#x202e;c\n")) == [("control-character", 27)]


_SCALARS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\u202d\u202e"),
    min_size=1,
    max_size=40,
)
_LINES = _SCALARS.map(lambda value: " ".join(unicodedata.normalize("NFC", value).split())).filter(bool)
_SLUGS = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,5}){0,2}", fullmatch=True)
_DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))
_WORDS = st.text("abcæøå*_`[]()#->|~!<&{}1. \n", min_size=0, max_size=60)
_FRONTS = st.fixed_dictionaries(
    {
        "title": _LINES,
        "kind": st.sampled_from(Kind),
        "language": st.sampled_from(Language),
        "subjects": st.lists(_SLUGS, max_size=3, unique=True).map(tuple),
        "audience": st.lists(_LINES, max_size=3, unique=True).map(tuple),
        "prevention_level": st.none() | st.integers(1, 3),
        "responsible_role": _LINES,
        "decision_level": st.sampled_from(DecisionLevel),
        "review_interval_months": st.integers(1, 120),
        "also_called": st.lists(_LINES, max_size=3, unique=True).map(tuple),
        "internal_control": st.lists(st.sampled_from(InternalControl), unique=True).map(tuple),
        "legal_basis": st.lists(
            st.builds(LegalBasis, st.just("LOV-2011-06-24-30"), _LINES, _LINES, st.none() | _DAYS, st.booleans()), max_size=2
        ).map(tuple),
        "sources": st.lists(st.builds(Source, _LINES, _LINES, st.none() | st.just("https://a.example/å?b=1#c"), _DAYS), max_size=2).map(tuple),
        "local_information": st.lists(
            st.builds(LocalInformation, _SLUGS, _LINES, st.sampled_from(LocalInformationType), st.booleans()),
            max_size=2, unique_by=lambda item: item.key,
        ).map(tuple),
        "attachments": st.just(()) | st.just((Attachment("Skjema 1.pdf", "application/pdf", Digest("1:" + "0" * 64)),)),
        "translation_of": st.none() | _SLUGS.map(ProcedureId),
    }
)  # fmt: skip


class TestProperties:
    @given(_FRONTS)
    @settings(deadline=None, max_examples=80)
    def test_whatever_stands_in_front_matter_is_read_as_it_was_written(self, values):
        """
        A quotation mark, a colon or a Sámi letter in a title must never change what is stored.
        """
        text = a_text(BODY, **values)

        assert read(write(text), "prøve.md") == text

    @given(_WORDS)
    @settings(deadline=None, max_examples=150)
    def test_storing_twice_is_storing_once_and_no_word_is_lost(self, body):
        """
        Whatever somebody types, it is stored so that a reader sees the same, or refused.
        """
        try:
            stored = write(a_text(body))
        except InvalidText as refusal:
            assert all(finding.text("nb") for finding in refusal.findings)
            return

        again = read(stored, "prøve.md")
        assert write(again) == stored
        assert letters(again.body) == letters(body)

    @given(
        st.lists(
            st.sampled_from(
                [
                    "## En\n\n",
                    "- a\n",
                    "  - b\n",
                    "1. c\n",
                    "> d\n",
                    "\n",
                    "ord {{felt}}\n",
                    "- [ ] e\n",
                    "| a | b |\n|---|---|\n| 1 | 2 |\n\n",
                    "note[^1]\n\n[^1]: n\n\n",
                    "`k`\n",
                    "    kode\n",
                ]
            ),
            max_size=12,
        )
    )
    @settings(deadline=None, max_examples=80)
    def test_parts_of_routines_in_any_order_are_stored_the_same_each_time(self, parts):
        """
        Writers put lists, tables and notes where they need them.
        """
        body = "".join(parts)
        try:
            stored = canonical(a_file(body), "prøve.md")
        except InvalidText as refusal:
            assert {finding.key for finding in refusal.findings} <= {"footnote-twice", "form-changes"}
            return

        assert canonical(stored, "prøve.md") == stored
        assert write(read(a_file(body), "prøve.md")) == stored


def letters(body: str) -> str:
    """The letters a reader sees, told without the product's own comparison."""
    html = markdown().render(body)
    return "".join(character for character in html if character.isalpha())


def test_a_text_is_a_value():
    """
    Two readings of one file are equal, so that tests and caches can compare.
    """
    assert isinstance(read(a_file(), "a"), ProcedureText)
    assert read(a_file(), "a") == read(a_file(), "b")
