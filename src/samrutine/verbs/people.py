"""People and what they may do. Each method delegates to the verb that it names."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from samrutine.actors import Role
from samrutine.arguments import one_of
from samrutine.procedures.model import DecisionLevel
from samrutine.verbs.base import Verbs

if TYPE_CHECKING:
    from samrutine.networks.erasure import PersonErased
    from samrutine.networks.retention import RetentionReport
    from samrutine.networks.service import Delegated, Person, PersonAdded, RoleGranted, RoleRevoked
    from samrutine.networks.text_erasure import TextErased
    from samrutine.networks.vacancies import Vacancy


class PeopleVerbs(Verbs):
    """People and what they may do."""

    def add_person(
        self, login: str, name: str, *, by: str, email: str | None = None, decision_id: str | None = None
    ) -> "PersonAdded":
        """Add a person, without any role; see `People.add_person`."""
        return self._parts.people.add_person(
            login, name, email=email, by=self._actor(by), now=self._now(), decision_id=self._id(decision_id)
        )

    def grant(
        self, who: str, role: Role | str, body: str, *, by: str, from_on: date | None = None, until_on: date | None = None,
        deputy_of: str | None = None, decision_id: str | None = None,
    ) -> "RoleGranted":  # fmt: skip
        """Give a person a role in a body, perhaps as another's deputy; see `People.grant`."""
        return self._parts.people.grant(
            who, one_of(Role, "role", role), body, from_on=from_on, until_on=until_on, deputy_of=deputy_of,
            by=self._actor(by), now=self._now(), decision_id=self._id(decision_id),
        )  # fmt: skip

    def delegate(
        self, who: str, municipality: str, level: DecisionLevel | str, position: str, *, by: str, from_on: date | None = None,
        until_on: date | None = None, reference: str | None = None, decision_id: str | None = None,
    ) -> "Delegated":  # fmt: skip
        """Register a delegation; see `People.delegate`."""
        return self._parts.people.delegate(
            who, municipality, one_of(DecisionLevel, "level", level), position, from_on=from_on, until_on=until_on, reference=reference,
            by=self._actor(by), now=self._now(), decision_id=self._id(decision_id),
        )  # fmt: skip

    def revoke(
        self, who: str, role: Role | str, body: str, *, by: str, decision_id: str | None = None
    ) -> "RoleRevoked":
        """Take a role back; see `People.revoke`."""
        return self._parts.people.revoke(
            who,
            one_of(Role, "role", role),
            body,
            by=self._actor(by),
            now=self._now(),
            decision_id=self._id(decision_id),
        )

    def people(self) -> "Sequence[Person]":
        """Give everybody with roles and delegations; see `People.people`."""
        return self._parts.people.people()

    def person(self, who: str) -> "Person":
        """Give one person with roles and delegations; see `People.person`."""
        return self._parts.people.person(who)

    def vacancies(self, *, on: date | None = None) -> "Sequence[Vacancy]":
        """Give the roles that nobody holds; see `networks.vacancies.vacancies`."""
        from samrutine.networks.vacancies import vacancies

        with self._parts.database.reading() as session:
            return vacancies(session, on or self.today)

    def erase_person(
        self, who: str, *, reason: str, by: str, keep_name: bool = False, decision_id: str | None = None
    ) -> "PersonErased":
        """Erase a person's name, sign-in and address, and end their roles; see `Erasure.erase_person`."""
        return self._parts.erasure.erase_person(
            who, reason=reason, keep_name=keep_name, by=by, now=self._now(), decision_id=self._id(decision_id)
        )

    def require_erasable(
        self, who: str, *, reason: str, by: str, keep_name: bool = False, decision_id: str | None = None
    ) -> None:
        """Raise what `erase_person` would, and change nothing; see `Erasure.require_erasable`."""
        self._parts.erasure.require_erasable(
            who, reason=reason, keep_name=keep_name, by=by, today=self.today, decision_id=self._id(decision_id)
        )

    def erase_text(
        self, number: int | str, name: str | None = None, *, reason: str, by: str, decision_id: str | None = None
    ) -> "TextErased":
        """
        Erase what was written; see `TextErasure.erase_text`.

        Args:
            number: Of the decision that it was written with; or the id, as `traces` shows it, of what it stands in.
        """
        of = int(number) if isinstance(number, str) and number.isascii() and number.isdecimal() else number
        return self._parts.text_erasure.erase_text(
            of, name=name, reason=reason, by=self._actor(by), now=self._now(), decision_id=self._id(decision_id)
        )

    def own_data(self, who: str, *, by: str) -> Mapping[str, object]:
        """Give everything held about one person, ready for JSON; see `networks.own_data.own_data`."""
        from samrutine.networks.own_data import own_data

        with self._parts.database.reading() as session:
            return own_data(session, who, by=by, today=self.today)

    def retention(self, *, by: str, delete: bool = False, decision_id: str | None = None) -> "RetentionReport":
        """
        Show what was kept long enough, or with `delete` delete it; see `Retention.show` and `Retention.delete`.

        Args:
            by: The editor.
            delete: Delete what is shown otherwise.
            decision_id: As for every verb that decides; nothing is decided by looking.
        """
        actor = self._actor(by)
        if not delete:
            return self._parts.retention.show(by=actor, today=self.today)
        return self._parts.retention.delete(by=actor, now=self._now(), decision_id=self._id(decision_id))
