"""Letters by e-mail, and days for calendars. Each method delegates to the verb that it names."""

from typing import TYPE_CHECKING

from samrutine.verbs.base import Verbs

if TYPE_CHECKING:
    from datetime import datetime

    from samrutine.letters.calendar import Calendars
    from samrutine.letters.model import Choice, LettersSeen, LettersSent
    from samrutine.letters.people import LetterLink, LetterPeople
    from samrutine.letters.post import Post
    from samrutine.letters.service import Letters


class LetterVerbs(Verbs):
    """What is sent to people, and what they want of it."""

    @property
    def sends_letters(self) -> bool:
        """Whether it is set by what server letters are sent, from whom, and where their links lead."""
        return self._post().is_set and bool(self._parts.settings.address)

    def write_letters(self) -> int:
        """Write down every letter that is due, and send none; see `Letters.write`."""
        return self._letters().write(now=self._now())

    def send_letters(self) -> "LettersSent":
        """Write down what is due, and send what waits; see `Letters.send`."""
        return self._letters().send(self._now)

    def letters(self, *, by: str) -> "LettersSeen":
        """Give what was sent to oneself, and to the editor what failed; see `Letters.letters`."""
        return self._letters().letters(by=self._actor(by), today=self.today)

    def try_letter(self, *, by: str, to: str | None = None) -> str:
        """Send a letter that says nothing; see `Letters.try_letter`."""
        return self._letters().try_letter(to=to, by=self._actor(by), now=self._now())

    def forgot_password(self, name: str) -> None:
        """Send whoever has that name a link for a new password, and tell nobody whether there is one; see `Forgotten.ask`."""
        from samrutine.letters.forgotten import Forgotten

        Forgotten(self._parts.database, self._post(), self._parts.settings.address).ask(name, now=self._now())

    def letter_choice(self, *, by: str) -> "Choice":
        """Give what somebody wants of letters; see `LetterPeople.choice`."""
        return self._letter_people().choice(by=self._actor(by))

    def gets_letters(self, *, by: str) -> bool:
        """Tell whether letters to somebody arrive anywhere; see `LetterPeople.has_address`."""
        return self._letter_people().has_address(by=self._actor(by))

    def choose_letters(self, *, weekly: bool, by: str, language: str | None = None) -> None:
        """Say what one wants of letters; see `LetterPeople.choose`."""
        self._letter_people().choose(weekly=weekly, language=language, by=self._actor(by))

    def letter_link(self, token: str) -> "LetterLink":
        """Give what a link in a letter opens; see `LetterPeople.link`."""
        return self._letter_people().link(token, now=self._now())

    def stop_letters(self, token: str) -> None:
        """Send somebody no more weekly letters, by the link in one; see `LetterPeople.stop`."""
        self._letter_people().stop(token, now=self._now())

    def calendar_made_at(self, *, by: str) -> "datetime | None":
        """Give when the address of somebody's calendar was made; see `Calendars.made_at`."""
        return self._calendars().made_at(by=self._actor(by))

    def make_calendar(self, *, by: str) -> str:
        """Make an address for one's own calendar; see `Calendars.make`."""
        return self._calendars().make(by=self._actor(by), now=self._now())

    def end_calendar(self, *, by: str) -> bool:
        """End the address of one's own calendar; see `Calendars.end`."""
        return self._calendars().end(by=self._actor(by))

    def calendar(self, token: str) -> bytes:
        """Give the calendar at an address; see `Calendars.feed`."""
        return self._calendars().feed(token, now=self._now())

    def _calendars(self) -> "Calendars":
        from samrutine.letters.calendar import Calendars

        return Calendars(self._parts.database, self._parts.inbox, self._parts.settings.address)

    def _letters(self) -> "Letters":
        # They keep nothing of their own, so they are no parts that are opened once.
        from samrutine.letters.service import Letters

        return Letters(self._parts.database, self._parts.inbox, self._post(), self._parts.settings.address)

    def _post(self) -> "Post":
        from samrutine.letters.post import Post

        return Post(self._parts.settings.mail, self._parts.home)

    def _letter_people(self) -> "LetterPeople":
        from samrutine.letters.people import LetterPeople

        return LetterPeople(self._parts.database)
