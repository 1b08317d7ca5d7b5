"""What is read of an opened index."""

from contextlib import closing

from section_builders import a_section

from samrutine.search.engine import Engine
from samrutine.search.opened import Opened


class TestWordsThatBeginSo:
    def test_are_the_commonest_and_not_the_first_of_the_alphabet(self, tmp_path):
        """
        Hundreds of rare words before it in the alphabet do not hide «barn» from whoever typed «ba».
        """
        rare = [f"ba{one}{two}{three}" for one in "abcdef" for two in "abcdefgh" for three in "klmnop"]
        engine = Engine(tmp_path)
        engine.rebuild([a_section("rare", " ".join(rare)), *(a_section(f"q{n}", "Alle barn.") for n in range(3))], 1)

        with closing(Opened.of(next(tmp_path.glob("s*.0*")))) as opened:
            longer = opened.longer("ba", lambda _: True)

        assert longer[0] == "barn"
