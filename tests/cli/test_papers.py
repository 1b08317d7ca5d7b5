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
