"""What signing in with another service can fail with, beside what is told of in `errors`."""

from samrutine.errors import NotFound


class ServiceNotFound(NotFound):
    """There is no service of that name that people sign in with. Places: service."""
