"""Signing in and out, and letting programs in. Each method delegates to the verb that it names."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from samrutine.actors import Role
from samrutine.arguments import one_of
from samrutine.verbs.base import Verbs

if TYPE_CHECKING:
    from samrutine.identity.elsewhere import Elsewhere
    from samrutine.identity.elsewhere_model import BegunElsewhere, CameBack, Connected, Way
    from samrutine.identity.links import Links, MeetingOpened, MeetingSeen, PasswordLink, PasswordLinkSeen
    from samrutine.identity.model import CodeAsked, Scope, SessionSeen, SignedIn
    from samrutine.identity.second_step import SecondStepBegun, SecondSteps, SecondStepSeen
    from samrutine.identity.service import Identity
    from samrutine.identity.tokens import TokenMade, Tokens, TokenSeen


class IdentityVerbs(Verbs):
    """Who is signed in where."""

    def sign_in(self, login: str, password: str, *, device: str = "") -> "SignedIn | CodeAsked":
        """Sign somebody in by name and password; see `Identity.sign_in`."""
        return self._identity().sign_in(login, password, device=device, now=self._now())

    def sign_in_as(self, login: str, *, device: str = "") -> "SignedIn":
        """Sign in as an invented person of a demonstration; see `Identity.sign_in_as`."""
        return self._identity().sign_in_as(login, device=device, now=self._now())

    def signed_in(self, token: str) -> "SessionSeen | None":
        """Give where somebody is signed in, by what their browser holds; see `Identity.signed_in`."""
        return self._identity().signed_in(token, now=self._now())

    def sign_out(self, token: str) -> None:
        """End where a browser is signed in; see `Identity.sign_out`."""
        self._identity().sign_out(token)

    def sessions(self, *, by: str) -> "Sequence[SessionSeen]":
        """Give where somebody is signed in; see `Identity.sessions`."""
        return self._identity().sessions(by=self._actor(by), now=self._now())

    def end_sessions(self, keys: Sequence[str], *, by: str) -> int:
        """End some of one's own sessions; see `Identity.end_sessions`."""
        return self._identity().end_sessions(keys, by=self._actor(by))

    def set_password(self, who: str, password: str, *, by: str, current: str | None = None) -> None:
        """Give somebody a password; see `Identity.set_password`."""
        self._identity().set_password(who, password, current=current, by=self._actor(by), now=self._now())

    def second_step(self, *, by: str) -> "SecondStepSeen":
        """Give what there is of one's own second step; see `SecondSteps.second_step`."""
        return self._second_steps().second_step(by=self._actor(by))

    def begin_second_step(self, password: str, *, by: str) -> "SecondStepBegun":
        """Begin to turn on one's own second step; see `SecondSteps.begin`."""
        return self._second_steps().begin(password, by=self._actor(by), now=self._now())

    def confirm_second_step(self, code: str, *, by: str) -> Sequence[str]:
        """Turn on one's own second step; see `SecondSteps.confirm`."""
        return self._second_steps().confirm(code, by=self._actor(by), now=self._now())

    def end_second_step(self, password: str, code: str, *, by: str) -> None:
        """Turn off one's own second step; see `SecondSteps.end`."""
        self._second_steps().end(password, code, by=self._actor(by), now=self._now())

    def remove_second_step(self, who: str, *, by: str) -> None:
        """Turn off somebody else's second step; see `SecondSteps.remove`."""
        self._second_steps().remove(who, by=self._actor(by), now=self._now())

    def give_code(self, token: str, code: str) -> "SignedIn":
        """Sign in by a code, after the password; see `SecondSteps.give_code`."""
        return self._second_steps().give_code(token, code, now=self._now())

    def make_token(self, name: str, scope: "Scope | str", *, last_day: date, by: str) -> "TokenMade":
        """Make a token for a program, of one's own; see `Tokens.make`."""
        from samrutine.identity.model import Scope

        wanted = one_of(Scope, "scope", scope)
        return self._tokens().make(name, wanted, last_day=last_day, by=self._actor(by), now=self._now())

    def tokens(self, *, by: str) -> "Sequence[TokenSeen]":
        """Give one's own tokens that hold; see `Tokens.tokens`."""
        return self._tokens().tokens(by=self._actor(by), now=self._now())

    def end_token(self, key: str, *, by: str) -> bool:
        """End one of one's own tokens; see `Tokens.end`."""
        return self._tokens().end(key, by=self._actor(by))

    def signed_in_by_token(self, token: str) -> "TokenSeen | None":
        """Give whose a token is and what it may; see `Tokens.signed_in`."""
        return self._tokens().signed_in(token, now=self._now())

    def invite(self, who: str, *, by: str) -> "PasswordLink":
        """Make a link by which somebody chooses a password themself; see `Links.invite`."""
        return self._links().invite(who, by=self._actor(by), now=self._now())

    def password_link(self, token: str) -> "PasswordLinkSeen":
        """Give whose password a link is for; see `Links.password_link`."""
        return self._links().password_link(token, now=self._now())

    def choose_password(self, token: str, password: str, *, device: str = "") -> "SignedIn | CodeAsked":
        """Choose a password by a link, and be signed in; see `Links.choose_password`."""
        return self._links().choose_password(token, password, device=device, now=self._now())

    def open_meeting(
        self, body: str, role: Role | str, *, by: str, hours: int = 2, places: int = 30
    ) -> "MeetingOpened":
        """Make a link by which those at a meeting enter themselves; see `Links.open_meeting`."""
        wanted = one_of(Role, "role", role)
        return self._links().open_meeting(body, wanted, hours=hours, places=places, by=self._actor(by), now=self._now())

    def meetings(self, *, by: str) -> "Sequence[MeetingSeen]":
        """Give the meetings that one opened; see `Links.meetings`."""
        return self._links().meetings(by=self._actor(by), now=self._now())

    def close_meeting(self, key: str, *, by: str) -> bool:
        """Let nobody more enter by a link of one's own; see `Links.close_meeting`."""
        return self._links().close_meeting(key, by=self._actor(by))

    def meeting(self, token: str) -> "MeetingSeen":
        """Give what a link for a meeting opens; see `Links.meeting`."""
        return self._links().meeting(token, now=self._now())

    def join(
        self, token: str, login: str, name: str, password: str, *, municipality: str | None = None, device: str = "",
        decision_id: str | None = None,
    ) -> "SignedIn | CodeAsked":  # fmt: skip
        """Enter oneself by a link for a meeting, and be signed in; see `Links.join`."""
        return self._links().join(
            token, login, name, password, municipality=municipality, device=device, now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip

    def sign_in_ways(self) -> "Sequence[Way]":
        """Give the services that one can sign in with, beside name and password; see `Elsewhere.ways`."""
        return self._elsewhere().ways() if self._parts.settings.sign_in else ()

    def begin_sign_in_elsewhere(
        self, service: str, *, back: str, next_page: str = "", by: str | None = None
    ) -> "BegunElsewhere":
        """Begin to sign in with another service, or to connect it to who one is here; see `Elsewhere.begin`."""
        actor = self._actor(by) if by is not None else None
        return self._elsewhere().begin(service, back=back, next_page=next_page, by=actor, now=self._now())

    def come_back(
        self, state: str, token: str, *, code: str, back: str, said_issuer: str | None = None, device: str = "",
        by: str | None = None, decision_id: str | None = None,
    ) -> "CameBack":  # fmt: skip
        """Sign in whoever comes back from another service; see `Elsewhere.come_back`."""
        return self._elsewhere().come_back(
            state, token, code=code, said_issuer=said_issuer, back=back, device=device,
            by=self._actor(by) if by is not None else None, now=self._now(), decision_id=self._id(decision_id),
        )  # fmt: skip

    def connected_services(self, *, by: str) -> "Sequence[Connected]":
        """Give the services that one signs in with; see `Elsewhere.connected`."""
        return self._elsewhere().connected(by=self._actor(by))

    def disconnect_service(self, key: str, *, by: str) -> bool:
        """Sign in with a service of one's own no more; see `Elsewhere.disconnect`."""
        return self._elsewhere().disconnect(key, by=self._actor(by))

    def _elsewhere(self) -> "Elsewhere":
        # As `_identity`. What talks with other services is imported where one signs in with them.
        from samrutine.identity.elsewhere import Elsewhere
        from samrutine.identity.sealing import KEY_FILE, Sealing

        parts = self._parts
        return Elsewhere(
            parts.database, parts.decisions, Sealing(parts.home / KEY_FILE), parts.home, parts.settings.sign_in
        )

    def _links(self) -> "Links":
        # As `_identity`.
        from samrutine.identity.links import Links

        return Links(self._parts.database, self._parts.decisions)

    def _second_steps(self) -> "SecondSteps":
        # As `_identity`.
        from samrutine.identity.sealing import KEY_FILE, Sealing
        from samrutine.identity.second_step import SecondSteps

        return SecondSteps(self._parts.database, Sealing(self._parts.home / KEY_FILE))

    def _tokens(self) -> "Tokens":
        # As `_identity`.
        from samrutine.identity.tokens import Tokens

        return Tokens(self._parts.database)

    def _identity(self) -> "Identity":
        # It keeps nothing of its own, so it is no part that is opened once.
        from samrutine.identity.service import Identity

        return Identity(self._parts.database)
