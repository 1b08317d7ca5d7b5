"""Sections to index, with only what matters to the case."""

from samrutine.networks.model import NetworkId
from samrutine.procedures.model import Digest, Kind, Language, ProcedureId, VersionNumber
from samrutine.search.model import SectionEntry


def a_section(procedure="fallforebygging", text="Se etter løse ledninger og matter.", **given):
    """One section of version 1.0 of a routine; `key` and `version` are short for the real names."""
    version = given.pop("version", "1.0")
    heading = given.pop("heading", "Framgangsmåte")
    return SectionEntry(
        procedure_id=ProcedureId(procedure),
        version_digest=Digest(f"1:{procedure}-{version}"),
        version=VersionNumber.parse(version),
        section_key=given.pop("key", heading.lower()),
        title=given.pop("title", procedure.replace("-", " ").capitalize()),
        heading=heading,
        text=text,
        network=NetworkId(given.pop("network", "hjemmetjeneste")),
        subjects=given.pop("subjects", ("hjemmetjeneste",)),
        kind=given.pop("kind", Kind.ROUTINE),
        language=given.pop("language", Language.NB),
        **given,
    )
