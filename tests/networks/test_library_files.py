"""What a library's files may hold, and what is said when one of them is wrong."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samrutine.errors import InvalidText
from samrutine.messages import catalogue
from samrutine.networks.library_files import FILES, OPTIONAL, read_library
from samrutine.networks.retention_rules import RETENTION, Kept
from samrutine.networks.rows import LibraryFault
from samrutine.procedures.model import Kind

SHIPPED = Path(__file__).parents[2] / "library"


def a_library(**changed: str | bytes | None) -> dict[str, bytes]:
    """
    Give the smallest whole library, invented, with some files changed.

    `networks="…"` replaces networks.toml, `vocabulary__synonyms` vocabulary/synonyms.toml; None takes the file away.
    """
    texts = {
        "municipalities.toml": '[[municipality]]\nnumber = "9999"\nname = "Prøvevik"\nslug = "provevik"\n',
        "policies.toml": (
            '[[policy]]\nid = "felles"\nname = "Felles"\nrule = "n-persons"\napprovals = 2\nmunicipalities = 0\n'
            "leader_must_agree = false\nauthor_counts = false\nauthor_municipality_counts = true\nhearing_weeks = 3\n"
        ),
        "subjects.toml": '[[subject]]\nid = "prover"\nnb = "Prøver"\nnn = "Prøvar"\n',
        "networks.toml": (
            '[[network]]\nid = "prove"\nname = "Prøvenettverk"\npurpose = "Prøver."\nsubjects = ["prover"]\n'
            'policy = "felles"\n'
        ),
        "parties.toml": (
            '[[party]]\nid = "kommunene"\nname = "Kommunene"\nkind = "municipality"\nreach = "each-municipality"\n'
            'outside = false\n\n[[template]]\nsubject = "prover"\nparties = ["kommunene"]\nwhy = "Alle er med."\n'
        ),
        "sources.toml": (
            '[[body]]\nname = "Prøvetilsynet"\n\n[[law]]\nid = "LOV-2001-01-01-1"\nname = "prøveloven"\n\n'
            '[[repealed]]\nlaw = "LOV-2001-01-01-1"\nsection = "§ 1"\nreplaced_by = "§ 2"\n'
            'replaced_by_law = "LOV-2001-01-01-1"\n'
        ),
        "vocabulary/synonyms.toml": 'synonyms = [\n  ["prøve", "test"],\n]\n',
        "vocabulary/abbreviations.toml": 'abbreviations = [\n  ["PV", "Prøvevik"],\n]\n',
        "vocabulary/nynorsk.toml": 'pairs = [\n  ["prøver", "prøvar"],\n]\n',
        "vocabulary/old_words.toml": '[[old_word]]\nold = "gammelord"\nnew = "nyord"\nstop = true\n',
        "vocabulary/ambiguities.toml": (
            '[[ambiguity]]\nword = "prøve"\nmeanings = [\n'
            '  { label = "eksamen", explanation = "På skolen.", search = ["eksamen"] },\n'
            '  { label = "blodprøve", explanation = "Hos legen.", search = ["blodprøve"] },\n]\n'
        ),
        **{f"templates/{kind}.md": "## Formål\n\n*Skriv.*\n" for kind in Kind},
    }
    files = {name: text.encode() for name, text in texts.items()}
    for key, value in changed.items():
        name = key.replace("__", "/") + (".md" if key.startswith("templates") else ".toml")
        if value is None:
            del files[name]
        else:
            files[name] = value.encode() if isinstance(value, str) else value
    return files


def faults_of(files: dict[str, bytes]) -> list[tuple[str, int, str]]:
    """Read files that must not read, and give file, line and key of every fault."""
    with pytest.raises(InvalidText) as caught:
        read_library(files)
    return [(fault.file, fault.line, fault.key) for fault in caught.value.findings if isinstance(fault, LibraryFault)]


def with_line(name: str, old: str, new: str) -> dict[str, bytes]:
    """Give the whole library with one text in one file replaced; the text must be there."""
    files = a_library()
    before = files[name].decode()
    assert old in before
    files[name] = before.replace(old, new, 1).encode()
    return files


class TestReadingAWholeLibrary:
    def test_gives_every_part_as_values(self) -> None:
        """
        Whoever asks for a network wants its name and policy, not a file.
        """
        library = read_library(a_library())

        network = library.networks[0]
        assert (network.name, network.purpose, network.subjects) == ("Prøvenettverk", "Prøver.", ("prover",))
        assert library.policy_of(network).approvals == 2
        assert library.municipalities[0].sami_name is None
        assert library.subjects[0].name("nn") == "Prøvar"
        assert library.vocabulary.ambiguities[0].meanings[1].search == ("blodprøve",)
        assert library.repealed[0].since is None
        assert set(library.templates) == set(Kind)

    def test_leaves_other_files_alone(self) -> None:
        """
        A note or a licence beside the lists is nobody's mistake.
        """
        files = a_library() | {"README.md": b"Les meg", "vocabulary/LICENSE": b"\xff"}

        library = read_library(files)

        assert len(library.networks) == 1


class TestAFileThatIsWrong:
    @pytest.mark.parametrize("file", [one for one in FILES if one not in OPTIONAL])
    def test_each_missing_file_is_named(self, file: str) -> None:
        """
        A library half copied must say which half.
        """
        files = a_library()
        del files[file]

        assert faults_of(files) == [(file, 0, "file_missing")]

    def test_a_misspelt_file_name_is_not_passed_over_in_silence(self) -> None:
        """
        Somebody who writes a whole list in synonym.toml should not wonder why nothing finds it.
        """
        files = a_library() | {"vocabulary/synonym.toml": b"", "templates/rutine.md": b"## A"}

        faults = faults_of(files)

        assert {(file, key) for file, _, key in faults} == {
            ("vocabulary/synonym.toml", "file_unknown"),
            ("templates/rutine.md", "file_unknown"),
        }

    def test_broken_toml_gives_the_line(self) -> None:
        """
        A forgotten quote is found by its line, not by reading the whole file.
        """
        files = with_line("networks.toml", 'purpose = "Prøver."', 'purpose = "Prøver.')

        assert faults_of(files) == [("networks.toml", 4, "not_toml")]

    def test_text_in_another_encoding_gives_the_line(self) -> None:
        """
        Old editors still save as Latin-1, and only the lines with æ, ø and å show it.
        """
        files = a_library(subjects="[[subject]]\nid = 'prover'\nnb = 'Prøver'\nnn = 'Prøvar'\n".encode("latin-1"))

        assert ("subjects.toml", 3, "not_utf8") in faults_of(files)

    def test_all_faults_come_at_once_in_the_order_of_files_and_lines(self) -> None:
        """
        Whoever mends the files wants one round, not one per mistake.
        """
        files = with_line("networks.toml", 'policy = "felles"', 'policy = "fellles"')
        files["municipalities.toml"] = b'[[municipality]]\nnumber = "999"\nname = ""\nslug = "Prove vik"\n'

        assert faults_of(files) == [
            ("municipalities.toml", 2, "wrong_form"),
            ("municipalities.toml", 3, "wrong_type"),
            ("municipalities.toml", 4, "wrong_form"),
            ("networks.toml", 6, "unknown_reference"),
        ]

    @pytest.mark.parametrize(
        ("file", "old", "new", "line", "key"),
        [
            ("municipalities.toml", 'name = "Prøvevik"\n', "", 1, "key_missing"),
            ("municipalities.toml", 'number = "9999"', "number = 9999", 2, "wrong_type"),
            ("municipalities.toml", "slug", "slugg", 1, "key_missing"),
            ("subjects.toml", 'nb = "Prøver"', 'nb = "Prøver"\nfarge = "rød"', 4, "key_unknown"),
            ("networks.toml", '["prover"]', '["prover", "ukjent"]', 5, "unknown_reference"),
            ("networks.toml", '["prover"]', '["prover", "prover"]', 5, "twice_in_row"),
            ("networks.toml", '["prover"]', '"prover"', 5, "wrong_type"),
            ("networks.toml", '["prover"]', "[]", 5, "too_few"),
            ("policies.toml", "approvals = 2", "approvals = 0", 5, "wrong_policy"),
            ("policies.toml", "n-persons", "n-people", 4, "wrong_policy"),
            ("policies.toml", "author_counts = false", "author_counts = true", 8, "wrong_policy"),
            ("policies.toml", "hearing_weeks = 3", "hearing_weeks = 3\nhaste = true", 11, "wrong_policy"),
            ("parties.toml", 'kind = "municipality"', 'kind = "kommune"', 4, "not_one_of"),
            ("parties.toml", 'subject = "prover"', 'subject = "prove"', 9, "unknown_reference"),
            ("parties.toml", '["kommunene"]', '["kommunen"]', 10, "unknown_reference"),
            ("sources.toml", '[[repealed]]\nlaw = "LOV-2001', '[[repealed]]\nlaw = "LOV-2002', 9, "unknown_reference"),
            ("sources.toml", 'by_law = "LOV-2001', 'by_law = "LOV-2002', 12, "unknown_reference"),
            ("sources.toml", 'id = "LOV-2001-01-01-1"', 'id = "lov 1"', 5, "wrong_form"),
            ("sources.toml", 'name = "prøveloven"', 'name = "prøveloven"\nread_on = "i fjor"', 7, "wrong_type"),
            ("vocabulary/synonyms.toml", '["prøve", "test"]', '["prøve"]', 2, "too_few"),
            ("vocabulary/synonyms.toml", '["prøve", "test"],', '["prøve", "test"],\n  ["Test", "prove"],', 3, "twice"),
            ("vocabulary/abbreviations.toml", '["PV", "Prøvevik"]', '["PV"]', 2, "too_few"),
            ("vocabulary/nynorsk.toml", '["prøver", "prøvar"]', '["prøver", 7]', 1, "wrong_type"),
            ("vocabulary/old_words.toml", 'new = "nyord"', 'new = "Gammelord"', 3, "new_word_is_old"),
            ("templates/form.md", "## Formål", "Formål", 0, "template_without_parts"),
        ],
    )  # fmt: skip
    def test_each_kind_of_fault_names_its_line(self, file: str, old: str, new: str, line: int, key: str) -> None:
        """
        The one who keeps the lists is no programmer; line and remedy are what they can act on.
        """
        files = with_line(file, old, new)

        assert (file, line, key) in faults_of(files)

    @pytest.mark.parametrize(
        ("file", "table"),
        [
            ("municipalities.toml", "municipality"),
            ("networks.toml", "network"),
            ("policies.toml", "policy"),
            ("subjects.toml", "subject"),
            ("sources.toml", "law"),
            ("parties.toml", "party"),
            ("vocabulary/old_words.toml", "old_word"),
        ],
    )
    def test_the_same_id_twice_is_refused(self, file: str, table: str) -> None:
        """
        Of two rows with one id, nobody could know which of them holds.
        """
        files = a_library()
        rows = re.split(r"(?=\[\[)", files[file].decode())
        copied = next(row for row in rows if row.startswith(f"[[{table}]]"))
        files[file] += b"\n" + copied.encode()

        assert "twice" in {key for name, _, key in faults_of(files) if name == file}

    def test_two_municipalities_cannot_share_a_folder(self) -> None:
        """
        The slug names a folder: two municipalities would overwrite each other's documents.
        """
        files = a_library()
        files["municipalities.toml"] += b'\n[[municipality]]\nnumber = "9998"\nname = "Andrevik"\nslug = "provevik"\n'

        assert faults_of(files) == [("municipalities.toml", 6, "twice")]

    def test_a_subject_that_no_network_has_is_refused(self) -> None:
        """
        Nobody could approve a text about it.
        """
        files = a_library()
        files["subjects.toml"] += b'\n[[subject]]\nid = "ensom"\nnb = "Ensom"\nnn = "Einsam"\n'

        assert faults_of(files) == [
            ("subjects.toml", 7, "subject_without_network"),
            ("subjects.toml", 7, "subject_without_parties"),
        ]

    def test_an_ambiguous_word_needs_two_meanings(self) -> None:
        """
        Asking "which one did you mean?" with a single answer wastes a nurse's time.
        """
        files = with_line(
            "vocabulary/ambiguities.toml",
            '  { label = "eksamen", explanation = "På skolen.", search = ["eksamen"] },\n',
            "",
        )

        assert faults_of(files) == [("vocabulary/ambiguities.toml", 3, "too_few")]

    def test_a_fault_says_where_what_and_what_to_do_in_the_readers_language(self) -> None:
        """
        The message is all the reader has.
        """
        files = with_line("networks.toml", 'policy = "felles"', 'policy = "fellles"')

        with pytest.raises(InvalidText) as caught:
            read_library(files)

        assert "library/networks.toml, linje 6: «policy» viser til «fellles»" in caught.value.text("nb")
        assert "Mente du felles?" in caught.value.text("nb")
        assert "library/networks.toml, line 6:" in caught.value.text("en")
        assert "Did you mean felles?" in caught.value.text("en")

    def test_every_fault_can_be_said_in_both_languages(self) -> None:
        """
        A fault without words would stop the reading with an error of ours instead of theirs.
        """
        code = "".join(
            (Path(__file__).parents[2] / "src/samrutine/networks" / name).read_text(encoding="utf-8")
            for name in ("rows.py", "library_files.py")
        )
        raised = set(
            re.findall(r'(?:fault\([^"()]*(?:"[a-z]+", )?|LibraryFault\(file, [^"]*)"([a-z_0-9]+_[a-z_0-9]+)"', code)
        )
        assert len(raised) > 12

        for language in ("nb", "en"):
            said = {key.removesuffix(".fact") for key in catalogue(language, "library") if key.endswith(".fact")}
            assert raised <= said, language


class TestHostileFiles:
    @settings(max_examples=60, deadline=None)
    @given(data=st.binary(max_size=200), file=st.sampled_from(FILES))
    def test_any_bytes_give_values_or_faults_and_never_another_error(self, data: bytes, file: str) -> None:
        """
        A library comes by e-mail and memory stick as well as from git.
        """
        files = a_library()
        files[file] = data

        said = "read"
        try:
            read_library(files)
        except InvalidText as error:
            said = error.text("nb")

        assert said == "read" or f"library/{file}" in said

    @pytest.mark.parametrize(
        "hostile",
        [b"a = " + b"[" * 100_000, b"municipality = 1", b"[municipality]\nx = 1", b"municipality = [1]", b"\x00", b""],
        ids=["deep nesting", "a number", "a table", "a list of numbers", "a NUL", "nothing"],
    )
    def test_a_file_of_another_shape_is_a_fault_of_that_file(self, hostile: bytes) -> None:
        """
        The finger must point at the right file.
        """
        files = a_library(municipalities=hostile)

        assert {file for file, _, _ in faults_of(files)} == {"municipalities.toml"}


class TestWhatHoldsForAWhile:
    def test_a_library_that_settled_nothing_keeps_things_as_the_shipped_one(self) -> None:
        """
        A library of the first release was opened without the file, and must open still.
        """
        assert read_library(a_library()).retention == RETENTION

    def test_a_rule_of_its_own_goes_before_the_shipped_one(self) -> None:
        """
        Nine municipalities with one archivist agree on five years instead of two.
        """
        library = read_library(a_library(retention='[[rule]]\nid = "drafts"\nmonths = 60\nwhy = "Avtalt."\n'))

        assert {rule.id: rule.months for rule in library.retention} == {
            **{rule.id: rule.months for rule in RETENTION},
            Kept.DRAFTS: 60,
        }

    @pytest.mark.parametrize(
        ("row", "key"),
        [
            ('id = "decisions"\nmonths = 12\nwhy = "Rydding."\n', "not_one_of"),
            ('id = "drafts"\nmonths = 0\nwhy = "Rydding."\n', "wrong_type"),
            ('id = "drafts"\nmonths = true\nwhy = "Rydding."\n', "wrong_type"),
            ('id = "drafts"\nmonths = 12\n', "key_missing"),
        ],
        ids=["what is decided", "at once", "not a number", "without a reason"],
    )
    def test_a_rule_that_cannot_be_meant_is_a_fault(self, row: str, key: str) -> None:
        """
        What is deleted by a slip of the pen does not come back.
        """
        assert [fault[0::2] for fault in faults_of(a_library(retention=f"[[rule]]\n{row}"))] == [
            ("retention.toml", key)
        ]

    def test_the_shipped_file_says_what_the_code_says(self) -> None:
        """
        Those who read the file must read what holds.
        """
        files = {path.relative_to(SHIPPED).as_posix(): path.read_bytes() for path in SHIPPED.rglob("*.*")}

        assert read_library(files).retention == RETENTION
        assert files["retention.toml"].decode().count("[[rule]]") == len(RETENTION)


class TestTwoPoliciesOfANetwork:
    def test_a_minor_change_follows_the_networks_policy_for_these(self) -> None:
        """
        A spelling mistake needs no three weeks and four persons.
        """
        small = (
            '\n[[policy]]\nid = "liten"\nname = "Liten"\nrule = "n-persons"\napprovals = 1\nmunicipalities = 0\n'
            "leader_must_agree = false\nauthor_counts = false\nauthor_municipality_counts = true\nhearing_weeks = 0\n"
        )
        files = with_line("networks.toml", 'policy = "felles"\n', 'policy = "felles"\nminor_policy = "liten"\n')
        files["policies.toml"] += small.encode()

        library = read_library(files)

        network = library.networks[0]
        assert (library.policy_of(network).id, library.minor_policy_of(network).id) == ("felles", "liten")

    def test_without_one_the_common_policy_holds_for_both(self) -> None:
        """
        A network that settled nothing about it agrees on all changes alike.
        """
        library = read_library(a_library())

        assert library.minor_policy_of(library.networks[0]) == library.policy_of(library.networks[0])

    def test_one_that_does_not_exist_is_a_fault(self) -> None:
        """
        Found when it is settled, not when the first correction is sent.
        """
        files = with_line("networks.toml", 'policy = "felles"\n', 'policy = "felles"\nminor_policy = "liten"\n')

        assert faults_of(files) == [("networks.toml", 7, "unknown_reference")]


class TestAMunicipalitysColour:
    def test_is_its_own_and_may_be_missing(self) -> None:
        """
        Paper from Fauske is told from paper from Meløy across a room.
        """
        files = a_library()
        named = dict(files)
        path = next(name for name in named if name.startswith("municipalities"))
        named[path] = named[path].replace(b'slug = "', b'colour = "#1f5f8b"\nslug = "', 1)

        assert read_library(files).municipalities[0].colour is None
        assert read_library(named).municipalities[0].colour == "#1f5f8b"

    def test_is_six_hexadecimal_digits(self) -> None:
        """
        «blå» is many colours, and a typesetter would stop at it.
        """
        named = dict(a_library())
        path = next(name for name in named if name.startswith("municipalities"))
        named[path] = named[path].replace(b'slug = "', 'colour = "blå"\nslug = "'.encode(), 1)

        with pytest.raises(InvalidText):
            read_library(named)
