"""The application of a home, asked as a browser would ask; and a real browser."""

import re
import shutil
from contextlib import contextmanager

import pytest
from starlette.testclient import TestClient

from samrutine.web.app import create_app
from tests.support.services import not_here

PHRASE = "fire ord som er lange"
HERE = "http://localhost"


class Site:
    """The pages of a home, and browsers of those who are signed in."""

    def __init__(self, home):
        self.home = home
        self.app = create_app(home.path, clock=home.clock)
        self.anybody = self.browser()

    def browser(self, **how):
        """A browser in which nobody is signed in."""
        return TestClient(self.app, base_url=HERE, follow_redirects=False, raise_server_exceptions=False, **how)

    def signed_in(self, login):
        """A browser in which somebody is signed in."""
        with self.home.opened() as library:
            library.set_password(login, PHRASE, by="redaktor")
        browser = self.browser()
        answer = post(browser, "/logg-inn", {"brukernavn": login, "passord": PHRASE})
        assert answer.status_code == 303, answer.text
        return browser


def post(browser, address, fields=None, *, page="/", **headers):
    """Send a form of a page of ours, with what belongs to the session."""
    token = re.search(r'name="_token" value="([0-9a-f]+)"', browser.get(page).text)
    given = {**(fields or {}), **({"_token": token[1]} if token else {})}
    return browser.post(address, data=given, headers={"Origin": HERE, **headers})


@pytest.fixture
def site(home_with_routine):
    """The pages of a library with one routine, which nobody uses yet."""
    made = Site(home_with_routine)
    yield made
    made.app.state.libraries.close()


@contextmanager
def listening_to(page):
    """Gather what a browser complains of while a block runs."""
    said = []
    page.on("console", lambda one: said.append(one.text) if one.type in {"error", "warning"} else None)
    page.on("pageerror", lambda one: said.append(str(one)))
    yield said


@pytest.fixture(scope="module")
def chromium():
    """Debian's browser."""
    if (program := shutil.which("chromium")) is None:
        not_here("Chromium", "apt-get install --no-install-recommends chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


def sign_in(page, address, login):
    """Sign in on a page of a real browser."""
    page.goto(f"{address}/logg-inn")
    page.fill("[name=brukernavn]", login)
    page.fill("[name=passord]", PHRASE)
    page.click("form[action='/logg-inn'] button")
    page.wait_for_url(f"{address}/")
