"""The files that belong to routines, as a destination gets them: the very bytes that were approved."""

from samrutine.errors import DocumentUnavailable, StoreDamaged
from samrutine.procedures.model import Attachment
from samrutine.publishing.delivery import Attached
from samrutine.publishing.model import PublishedDocument
from samrutine.storage.sql import Database
from samrutine.storage.words import Words


def as_approved(database: Database, words: Words) -> Attached:
    """Give what reads a file when it must be written; one whose bytes are damaged is reported as not made."""

    def attached(document: PublishedDocument, attachment: Attachment) -> bytes:
        with database.reading() as session:
            try:
                return words.read_aside(session, attachment.digest)
            except StoreDamaged as error:
                raise DocumentUnavailable(
                    procedure=document.procedure_id, format=attachment.media_type, detail=attachment.digest
                ) from error

    return attached
