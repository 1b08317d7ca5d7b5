"""The name that somebody gives a file says what it is: it decides the form, or is refused."""

import pytest

DOCUMENT = ("document", "handhygiene")


class TestNames:
    @pytest.mark.parametrize(
        ("words", "option", "ending"),
        [
            (("redline", "handhygiene", "1.0"), "--output", ".pdf"),
            (("card", "handhygiene"), "--output", ".pdf"),
            (("checklist", "handhygiene"), "--output", ".pdf"),
            (("bilingual", "handhygiene"), "--output", ".pdf"),
            (("handbook",), "--output", ".pdf / .docx"),
            (DOCUMENT, "--output", ".pdf / .docx / .html / .md"),
            ((*DOCUMENT, "--format", "pdf"), "--output", ".pdf"),
            (("hearing", "summary", "f-0123456789"), "--output", ".md / .html"),
            (("intake", "report"), "--output", ".html"),
            (("intake", "show", "i-0123456789ab"), "--output", ".md"),
            (("text", "handhygiene"), "--output", ".md"),
            (("compare", "handhygiene"), "--html", ".html"),
            (("collect", "compare", "i-0123456789ab"), "--html", ".html"),
            (("my-data",), "--output", ".json"),
        ],
        ids=lambda one: " ".join(one) if isinstance(one, tuple) else "",
    )
    def test_one_that_promises_another_form_is_refused_and_nothing_is_written(
        self, at, home, tmp_path, words, option, ending
    ):
        """
        A web page with a PDF in it opens as nonsense, and whoever gets it believes that it is damaged.
        """
        file = tmp_path / "fil.rtf"

        ran = at(home, *words, option, file, by="leder")

        assert (ran.code, f"et navn som slutter på {ending}" in " ".join(ran.err.split())) == (2, True)
        assert not file.exists()

    @pytest.mark.parametrize(
        ("name", "begins"), [("a.docx", b"PK"), ("a.html", b"<!doctype"), ("A.PDF", b"%PDF"), ("a", b"%PDF")]
    )
    def test_one_decides_the_form_where_nobody_says_another(self, at, home_with_routine, tmp_path, name, begins):
        """
        Who writes `--output rutine.docx` wants Word.
        """
        ran = at(home_with_routine, *DOCUMENT, "--output", tmp_path / name)

        assert ran.code == 0
        assert (tmp_path / name).read_bytes().startswith(begins)

    def test_a_number_at_the_end_promises_nothing(self, at, home_with_routine, tmp_path):
        """
        «rutine-1.0» is a name like another.
        """
        assert at(home_with_routine, *DOCUMENT, "--output", tmp_path / "rutine-1.0").code == 0
