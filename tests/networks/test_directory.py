"""Looking up who acts, and from where."""

from samrutine.actors import Role
from samrutine.networks.directory import get_actor


class TestAnActorsMunicipality:
    def test_is_the_one_first_granted_however_the_grants_are_named(self, library):
        """
        Whose approval counts as another municipality's must not hang on how the rows happen to be sorted.
        """
        library.add_person("nina", "Nina Ny", by="redaktor")
        numbers = ["1836", "1837", "1838", "1839", "1840", "1841"]
        for number in numbers:
            library.grant("nina", Role.EMPLOYEE, f"municipality:{number}", by="redaktor", decision_id=f"act-{number}")

        with library._parts.database.reading() as session:
            actor = get_actor(session, "nina")

        assert actor.municipality_on(library.today) == numbers[0]
        assert [grant.body for grant in actor.grants] == [f"municipality:{number}" for number in numbers]
