"""What a search is narrowed by: a value that nothing in the library can have is a slip of the hand, and no empty answer."""

from collections.abc import Mapping
from dataclasses import replace

from samrutine.errors import InvalidRequest
from samrutine.networks.model import network_named
from samrutine.networks.shared_library import SharedLibrary
from samrutine.procedures.model import Kind
from samrutine.search.model import Filter, FilterField
from samrutine.search.query import filter_key


def known(filters: tuple[Filter, ...], shared: SharedLibrary) -> tuple[Filter, ...]:
    """
    Give filters with the ids that texts have: a network and a subject may be called by name too.

    Args:
        filters: As somebody asked.
        shared: The library's settings, which say which networks and subjects there are.

    Raises:
        NetworkNotFound: There is no such network; the message names those there are.
        InvalidRequest: There is no such subject or kind; likewise.
    """
    networks = {str(one.id): one.name for one in shared.networks}
    subjects = {key: str(one.id) for one in shared.subjects for key in _keys(one.id, one.nb, one.nn)}
    kinds = {key: one.value for one in Kind for key in _keys(one.value)}
    found = []
    for one in filters:
        match one.field:
            case FilterField.NETWORK:
                found.append(replace(one, value=str(network_named(one.value, networks))))
            case FilterField.SUBJECT:
                found.append(_chosen(one, subjects))
            case FilterField.KIND:
                found.append(_chosen(one, kinds))
            case _:
                found.append(one)
    return tuple(found)


def _keys(*names: str) -> set[str]:
    return {filter_key(one) for one in names}


def _chosen(one: Filter, among: Mapping[str, str]) -> Filter:
    if (value := among.get(filter_key(one.value))) is None:
        choices = ", ".join(sorted(set(among.values())))
        raise InvalidRequest(what=one.field.value, value=one.value[:60], expected=choices)
    return replace(one, value=value)
