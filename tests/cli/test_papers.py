"""What is printed beside the one document, from the shell."""


def test_a_handbook_is_one_file(at, home_with_routine, tmp_path):
    """
    One command before the supervision.
    """
    for form, begins in (("pdf", b"%PDF"), ("docx", b"PK")):
        path = tmp_path / f"alt.{form}"

        ran = at(home_with_routine, "handbook", "--network", "smittevern", "--format", form, "-o", path, "--json")

        assert ran.code == 0
        assert ran.answer["size_bytes"] == path.stat().st_size
        assert path.read_bytes().startswith(begins)


def test_a_handbook_of_nothing_is_refused(at, home_with_routine):
    """
    An empty file would say that there are no routines.
    """
    ran = at(home_with_routine, "handbook", "-m", "Beiarn")

    assert ran.code == 4
    assert "Ingen rutine å skrive ut: Beiarn." in ran.err


def test_what_changed_is_one_file_with_a_name_that_says_so(at, home_with_routine, tmp_path, monkeypatch):
    """
    The folder of a meeting has twenty of them.
    """
    monkeypatch.chdir(tmp_path)

    ran = at(home_with_routine, "redline", "handhygiene", "1.0", "--json")

    assert ran.code == 0
    assert [path.name for path in tmp_path.glob("*.pdf")] == ["handhygiene-1.0-1.0-endringer.pdf"]


def test_what_a_routine_has_not_is_refused_in_words(at, home_with_routine):
    """
    Each says what is missing, and what to do.
    """
    for line, words in (
        (("checklist", "handhygiene"), "har ingen punkter å krysse av."),
        (("checklist", "handhygiene", "--done", "en-to"), "1,3-5"),
        (("card", "handhygiene"), "har ingen del «Lommekort»."),
        (("card", "handhygiene", "--section", "finnes-ikke"), "Velg en av delene med --section: formal, "),
        (("bilingual", "handhygiene"), "har ingen oversettelse knyttet til seg."),
        (("redline", "handhygiene", "9.0"), "9.0"),
        (("card", "handhygiene", "-o", "-", "--json"), "--output"),
    ):
        ran = at(home_with_routine, *line)

        assert ran.code in {2, 4}, line
        assert words in ran.err + ran.out, line
