"""The library as programs ask it."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from samrutine.web.app import create_app

HERE = "http://localhost"
API = "/api/v1"


class Programs:
    """The application of a home, and programs that somebody let in."""

    def __init__(self, home):
        self.home = home
        self.app = create_app(home.path, clock=home.clock)
        self.anybody = self.program(None)

    @property
    def api(self):
        """The part that programs ask."""
        return next(one.app for one in self.app.routes if getattr(one, "path", "") == API)

    def token(self, login, scope="write"):
        """Make a token of somebody's."""
        with self.home.opened() as library:
            return library.make_token("prøve", scope, last_day=library.today + timedelta(days=30), by=login).token

    def program(self, token):
        """A program that shows a token."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return TestClient(self.app, base_url=f"{HERE}{API}", headers=headers, raise_server_exceptions=False)

    def of(self, login, scope="write"):
        """A program that somebody let in."""
        return self.program(self.token(login, scope))


@pytest.fixture
def programs(home_with_routine):
    """The API of a library with one routine, which nobody uses yet."""
    made = Programs(home_with_routine)
    yield made
    made.app.state.libraries.close()
