"""Arguments that several commands have. Their help is in the catalogue `cli`, under `option`."""

from typing import Annotated

from typer import Argument, Option

Procedure = Annotated[str, Argument(show_default=False)]
Proposal = Annotated[str, Argument(show_default=False)]
Municipality = Annotated[str, Option("--municipality", "-m")]
MaybeMunicipality = Annotated[str | None, Option("--municipality", "-m")]
MaybeVersion = Annotated[str | None, Option("--version")]
FromDay = Annotated[str | None, Option("--from")]
UntilDay = Annotated[str | None, Option("--until")]
Reason = Annotated[str, Option("--reason")]
MaybeReason = Annotated[str | None, Option("--reason")]
MaybeDigest = Annotated[str | None, Option("--digest")]
MaybeMeaning = Annotated[str | None, Option("--meaning")]
MaybeNetwork = Annotated[str | None, Option("--network")]
DecisionId = Annotated[str | None, Option("--decision-id")]
