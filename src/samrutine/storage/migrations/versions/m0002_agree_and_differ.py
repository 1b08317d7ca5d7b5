"""
Room for the whole of what municipalities can agree on, and differ in.

Meets: a library of the first release, with its rows. Tables are added, and columns that are empty for what was there
before, but for three: what waited gets the right that answering it takes, an open proposal its text's access class, and
a routine its place in the alphabet. Local information gets its decision's own time, which it was told from by the wait
for the lock. No column is taken away, three indexes are replaced by wider ones, one that forbade a member to
agree to a text again in a later round by one that does not, and the first release's code still runs on it.
"""

import sqlalchemy as sa
from alembic import op

from samrutine.procedures.ordering import sort_key

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

RETENTION = {
    "account": "person",
    "api_token": "person",
    "barrier": "reading",
    "begun_elsewhere": "person",
    "calendar_feed": "person",
    "checklist_helper": "working",
    "checklist_mark": "working",
    "checklist_run": "working",
    "collection": "working",
    "collection_answer": "working",
    "connected_service": "person",
    "feedback": "reading",
    "half_sign_in": "person",
    "hearing": "hearing",
    "hearing_link": "hearing",
    "hearing_party": "hearing",
    "incoming_document": "working",
    "inventory": "permanent",
    "letter": "working",
    "letter_choice": "person",
    "letter_link": "working",
    "meeting_link": "person",
    "password_link": "person",
    "made_known": "permanent",
    "offer": "working",
    "old_address": "working",
    "proposal_file": "working",
    "proposal_origin": "permanent",
    "remark": "hearing",
    "review": "permanent",
    "second_step": "person",
    "standing_decision": "permanent",
    "triage": "working",
    "unanswered_search": "reading",
    "web_session": "person",
    "wish": "reading",
    "wish_support": "reading",
}
VERBS = {"consider-version": "prepare", "approve-proposal": "approve"}


def upgrade() -> None:
    """Add the tables and columns, and fill in what can be known of the rows that were there."""
    _add_tables()
    _add_columns()
    _change_indexes()
    retention = sa.table("table_retention", sa.column("table_name"), sa.column("retention_class"))
    op.bulk_insert(retention, [{"table_name": name, "retention_class": kept} for name, kept in RETENTION.items()])
    _fill_in()


def _fill_in() -> None:
    connection = op.get_bind()
    waiting = sa.table("waiting", sa.column("what"), sa.column("verb"))
    for what, verb in VERBS.items():
        connection.execute(waiting.update().where(waiting.c.what == what).values(verb=verb))
    procedure = sa.table("procedure", *(sa.column(name) for name in ("id", "title", "sort_title", "retitled")))
    version = sa.table("version", *(sa.column(name) for name in ("procedure_id", "title")))
    for name, title in connection.execute(sa.select(procedure.c.id, procedure.c.title)).all():
        others = sa.select(version.c.title).where(version.c.procedure_id == name, version.c.title != title)
        retitled = connection.execute(others.limit(1)).first() is not None
        filled = procedure.update().where(procedure.c.id == name)
        connection.execute(filled.values(sort_title=sort_key(title), retitled=retitled))
    proposal = sa.table("proposal", *(sa.column(name) for name in ("id", "network", "text", "access")))
    for name, text in connection.execute(sa.select(proposal.c.id, proposal.c.text)).all():
        # The stored text is canonical, so the class stands on a line of its own in its front matter.
        front = bytes(text).split(b"\n---\n", 1)[0].splitlines()
        access = next(
            (line.removeprefix(b"access: ").decode() for line in front if line.startswith(b"access: ")), "open"
        )
        connection.execute(proposal.update().where(proposal.c.id == name).values(access=access))
    connection.execute(
        sa.text("UPDATE local_value SET set_at = (SELECT decided_at FROM decision WHERE number = decided_number)")
    )


def _add_columns() -> None:
    op.add_column("addition", sa.Column("departs", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("addition", sa.Column("section_digest", sa.String(), nullable=True))
    op.add_column("addition", sa.Column("replaces", sa.String(), nullable=True))
    op.add_column("addition", sa.Column("from_on", sa.Date(), nullable=True))
    op.add_column("addition", sa.Column("until_on", sa.Date(), nullable=True))
    op.add_column("approval", sa.Column("network", sa.String(), nullable=True))
    op.add_column("in_force", sa.Column("delegation_id", sa.String(), nullable=True))
    op.add_column("municipality", sa.Column("colour", sa.String(), nullable=True))
    op.add_column("notification", sa.Column("body", sa.String(), nullable=True))
    op.add_column("proposal", sa.Column("replaced_by", sa.String(), nullable=True))
    op.add_column("proposal", sa.Column("hurried_version", sa.String(), nullable=True))
    op.add_column("proposal", sa.Column("conflicts", sa.Text(), nullable=True))
    bytewise = sa.String().with_variant(sa.String(collation="C"), "postgresql")
    op.add_column("procedure", sa.Column("sort_title", bytewise, server_default="", nullable=False))
    op.add_column("procedure", sa.Column("retitled", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("proposal", sa.Column("access", sa.String(), nullable=True))
    op.add_column("proposal", sa.Column("co_networks", sa.String(), server_default="", nullable=False))
    hidden = sa.Column("hidden_from_author", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("proposal", hidden)
    op.add_column("procedure", sa.Column("co_networks", sa.String(), server_default="", nullable=False))
    op.add_column("version", sa.Column("access", sa.String(), nullable=True))
    op.add_column("version", sa.Column("hurried", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("version", sa.Column("confirmed_number", sa.Integer(), nullable=True))
    op.add_column("version", sa.Column("refused_number", sa.Integer(), nullable=True))
    op.add_column("waiting", sa.Column("verb", sa.String(), nullable=True))
    op.add_column("waiting", sa.Column("shown_from", sa.Date(), nullable=True))
    op.add_column("words", sa.Column("store", sa.String(), nullable=True))
    op.add_column("words", sa.Column("redacted_number", sa.Integer(), nullable=True))
    op.add_column("words", sa.Column("lost_number", sa.Integer(), nullable=True))
    op.add_column("chain_head", sa.Column("checkpoint", sa.String(), nullable=True))
    op.add_column("publication_target", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))


def _change_indexes() -> None:
    # Three of the first release's are the beginnings of these, which hold all that an overview asks for.
    op.drop_index("adoption_procedure", "adoption")
    op.drop_index("in_force_now", "in_force")
    op.drop_index("in_force_version", "in_force")
    # That nobody agrees twice in one round is a rule, asked under the lock of the chain's head.
    op.drop_index("approval_once", "approval")
    op.create_index("approval_of", "approval", ["proposal_id", "actor_id"], unique=False)
    op.create_index("adoption_holders", "adoption", ["procedure_id", "municipality", "state"], unique=False)
    op.create_index(
        "in_force_where",
        "in_force",
        [
            *("municipality", "procedure_id", "superseded_number", "from_on", "until_on", "major", "minor", "digest"),
            *("position", "adopted_number"),
        ],
        unique=False,
    )
    op.create_index(
        "in_force_holders",
        "in_force",
        ["procedure_id", "superseded_number", "municipality", "from_on", "until_on", "major", "minor"],
        unique=False,
    )
    op.create_index("procedure_title", "procedure", ["sort_title", "id"], unique=False)
    op.create_index("procedure_access", "procedure", ["access", "id"], unique=False)
    op.create_index("addition_of", "addition", ["procedure_id", "superseded_number"], unique=False)
    op.create_index("version_access", "version", ["access"], unique=False)
    op.create_index("version_hurried", "version", ["hurried"], unique=False)
    first = sa.text("major = 1 AND minor = 0")
    op.create_index(
        "version_first", "version", ["decided_number", "procedure_id"], unique=False,
        sqlite_where=first, postgresql_where=first,
    )  # fmt: skip
    withdraws = sa.text("kind = 'procedure_withdrawn' OR kind = 'version_refused'")
    op.create_index(
        "decision_withdrawal", "decision", ["subject", "number"], unique=False,
        sqlite_where=withdraws, postgresql_where=withdraws,
    )  # fmt: skip


def _add_tables() -> None:
    op.create_table(
        "hearing",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("proposal_id", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("opened_number", sa.Integer(), nullable=False),
        sa.Column("closed_number", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "hearing"},
    )
    op.create_index("hearing_proposal", "hearing", ["proposal_id", "round"], unique=True)
    op.create_table(
        "proposal_file",
        sa.Column("proposal_id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"]),
        sa.PrimaryKeyConstraint("proposal_id", "digest"),
        info={"retention": "working"},
    )
    op.create_table(
        "proposal_origin",
        sa.Column("proposal_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("decided_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("proposal_id", "kind", "reference"),
        info={"retention": "permanent"},
    )
    op.create_index("proposal_origin_of", "proposal_origin", ["kind", "reference"], unique=False)
    op.create_table(
        "hearing_party",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("hearing_id", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_number", sa.Integer(), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearing.id"]),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "hearing"},
    )
    op.create_index("hearing_party_body", "hearing_party", ["body"], unique=False)
    op.create_index("hearing_party_of", "hearing_party", ["hearing_id"], unique=False)
    op.create_table(
        "inventory",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("decided_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["municipality"], ["municipality.number"]),
        sa.PrimaryKeyConstraint("municipality", "procedure_id"),
        info={"retention": "permanent"},
    )
    op.create_table(
        "made_known",
        sa.Column("decided_number", sa.Integer(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("major", sa.Integer(), nullable=False),
        sa.Column("minor", sa.Integer(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["decided_number"], ["decision.number"]),
        sa.PrimaryKeyConstraint("decided_number"),
        info={"retention": "permanent"},
    )
    op.create_index("made_known_where", "made_known", ["municipality", "procedure_id"], unique=False)
    op.create_table(
        "review",
        sa.Column("decided_number", sa.Integer(), nullable=False),
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("next_review", sa.Date(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["decided_number"], ["decision.number"]),
        sa.PrimaryKeyConstraint("decided_number"),
        info={"retention": "permanent"},
    )
    op.create_index("review_procedure", "review", ["procedure_id"], unique=False)
    op.create_table(
        "standing_decision",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("procedure_id", sa.String(), nullable=True),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("position", sa.String(), nullable=False),
        sa.Column("delegation_id", sa.String(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("decided_number", sa.Integer(), nullable=False),
        sa.Column("ended_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["municipality"], ["municipality.number"]),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "permanent"},
    )
    op.create_index("standing_decision_now", "standing_decision", ["municipality", "ended_number"], unique=False)
    op.create_table(
        "feedback",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=True),
        sa.Column("section_key", sa.String(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposal_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"]),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "reading"},
    )
    op.create_index("feedback_about", "feedback", ["procedure_id", "state"], unique=False)
    op.create_table(
        "hearing_link",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("party_id", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_number", sa.Integer(), nullable=False),
        sa.Column("revoked_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"]),
        sa.ForeignKeyConstraint(["party_id"], ["hearing_party.id"]),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "hearing"},
    )
    op.create_index("hearing_link_party", "hearing_link", ["party_id"], unique=False)
    op.create_table(
        "remark",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("party_id", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("section_key", sa.String(), nullable=True),
        sa.Column("paragraph", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("made_number", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("replied_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"]),
        sa.ForeignKeyConstraint(["party_id"], ["hearing_party.id"]),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "hearing"},
    )
    op.create_index("remark_party", "remark", ["party_id"], unique=False)
    op.create_table(
        "wish",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=True),
        sa.Column("municipality", sa.String(), nullable=True),
        sa.Column("network", sa.String(), nullable=True),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposal_id", sa.String(), nullable=True),
        sa.Column("procedure_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"]),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "reading"},
    )
    op.create_index("wish_state", "wish", ["state"], unique=False)
    op.create_table(
        "wish_support",
        sa.Column("wish_id", sa.String(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"]),
        sa.ForeignKeyConstraint(["municipality"], ["municipality.number"]),
        sa.ForeignKeyConstraint(["wish_id"], ["wish.id"]),
        sa.PrimaryKeyConstraint("wish_id", "municipality"),
        info={"retention": "reading"},
    )
    op.create_table(
        "unanswered_search",
        sa.Column("day_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day_at", "words"),
        info={"retention": "reading"},
    )
    op.create_table(
        "incoming_document",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("collection_id", sa.String(), nullable=True),
        sa.Column("municipality", sa.String(), nullable=True),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source_digest", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_by", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("proposal_id", sa.String(), nullable=True),
        sa.Column("old_number", sa.Text(), nullable=True),
        sa.Column("old_address", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["municipality"], ["municipality.number"]),
        sa.ForeignKeyConstraint(["network"], ["network.id"]),
        sa.ForeignKeyConstraint(["received_by"], ["actor.id"]),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "working"},
    )
    op.create_index("ix_incoming_document_collection_id", "incoming_document", ["collection_id"], unique=False)
    op.create_index("incoming_document_waiting", "incoming_document", ["network", "state"], unique=False)
    op.create_index(
        "incoming_document_source", "incoming_document", ["source_digest", "network", "municipality"], unique=False
    )
    op.create_table(
        "collection",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("what", sa.Text(), nullable=True),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["actor.id"]),
        sa.ForeignKeyConstraint(["network"], ["network.id"]),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "working"},
    )
    op.create_index("collection_of", "collection", ["network", "closed_at"], unique=False)
    op.create_table(
        "collection_answer",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("collection_id", sa.String(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"]),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"]),
        sa.ForeignKeyConstraint(["municipality"], ["municipality.number"]),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "working"},
    )
    op.create_index("collection_answer_of", "collection_answer", ["collection_id", "municipality"], unique=True)
    op.create_table(
        "triage",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposal_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"]),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "working"},
    )
    op.create_index("ix_triage_document_id", "triage", ["document_id"], unique=False)
    op.create_table(
        "offer",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("proposal_id", sa.String(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("section_key", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("departs", sa.Boolean(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("taken_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["municipality"], ["municipality.number"]),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"]),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "working"},
    )
    op.create_index("offer_of", "offer", ["proposal_id", "municipality"], unique=False)
    op.create_table(
        "old_address",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address"),
        info={"retention": "working"},
    )
    op.create_index("old_address_of", "old_address", ["procedure_id"], unique=False)
    op.create_table(
        "account",
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("password_set_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("wait_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"]),
        sa.PrimaryKeyConstraint("actor_id"),
        info={"retention": "person"},
    )
    op.create_table(
        "web_session",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"]),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "person"},
    )
    op.create_index("web_session_of", "web_session", ["actor_id"], unique=False)
    op.create_index("web_session_ends", "web_session", ["expires_at"], unique=False)
    op.create_table(
        "api_token",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"]),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "person"},
    )
    op.create_index("api_token_of", "api_token", ["actor_id"], unique=False)
    op.create_index("api_token_ends", "api_token", ["last_day"], unique=False)
    op.create_table(
        "password_link",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"]),
        sa.ForeignKeyConstraint(["made_by"], ["actor.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("actor_id", "made_by"),
        info={"retention": "person"},
    )
    op.create_index("password_link_by", "password_link", ["made_by"], unique=False)
    op.create_index("password_link_ends", "password_link", ["expires_at"], unique=False)
    op.create_table(
        "meeting_link",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("places_left", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["actor.id"]),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "person"},
    )
    op.create_index("meeting_link_by", "meeting_link", ["made_by"], unique=False)
    op.create_index("meeting_link_ends", "meeting_link", ["expires_at"], unique=False)
    op.create_table(
        "second_step",
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("turned_on_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recovery_codes", sa.String(), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("wait_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"]),
        sa.PrimaryKeyConstraint("actor_id"),
        info={"retention": "person"},
    )
    op.create_table(
        "half_sign_in",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"]),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "person"},
    )
    op.create_index("half_sign_in_of", "half_sign_in", ["actor_id"], unique=False)
    op.create_index("half_sign_in_ends", "half_sign_in", ["expires_at"], unique=False)
    op.create_table(
        "connected_service",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("id", "service", "subject", "actor_id")),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("roles", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("service", "subject"),
        info={"retention": "person"},
    )
    op.create_index("connected_service_of", "connected_service", ["actor_id"], unique=False)
    op.create_table(
        "begun_elsewhere",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("id", "browser", "service", "next_page")),
        sa.Column("actor_id", sa.String(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"]),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "person"},
    )
    op.create_index("begun_elsewhere_ends", "begun_elsewhere", ["expires_at"], unique=False)
    op.create_index("begun_elsewhere_of", "begun_elsewhere", ["actor_id"], unique=False)
    op.create_table(
        "letter",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("id", "key", "actor_id", "kind", "about", "subject", "stop")),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        info={"retention": "working"},
    )
    op.create_index("letter_due", "letter", ["state", "next_try_at"], unique=False)
    op.create_index("letter_of", "letter", ["actor_id", "kind", "made_at"], unique=False)
    op.create_table(
        "letter_link",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("id", "actor_id", "address")),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"]),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "working"},
    )
    op.create_index("letter_link_of", "letter_link", ["actor_id"], unique=False)
    op.create_index("letter_link_ends", "letter_link", ["expires_at"], unique=False)
    op.create_table(
        "barrier",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("page", "actor_id", "contact")),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"]),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "reading"},
    )
    op.create_table(
        "checklist_run",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("id", "procedure_id", "version", "municipality")),
        sa.Column("whom", sa.String(), nullable=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("opened_by", "keeper")),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["municipality"], ["municipality.number"]),
        *(sa.ForeignKeyConstraint([name], ["actor.id"]) for name in ("opened_by", "keeper")),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "working"},
    )
    op.create_index("checklist_run_in", "checklist_run", ["municipality", "state"], unique=False)
    op.create_table(
        "checklist_helper",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("run_id", "part", "actor_id")),
        sa.ForeignKeyConstraint(["run_id"], ["checklist_run.id"]),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"]),
        sa.PrimaryKeyConstraint("run_id", "part"),
        info={"retention": "working"},
    )
    op.create_index("checklist_helper_of", "checklist_helper", ["actor_id"], unique=False)
    op.create_table(
        "checklist_mark",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("run_id", "point", "state")),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["checklist_run.id"]),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"]),
        sa.PrimaryKeyConstraint("run_id", "point"),
        info={"retention": "working"},
    )
    op.create_table(
        "letter_choice",
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("weekly", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"]),
        sa.PrimaryKeyConstraint("actor_id"),
        info={"retention": "person"},
    )
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("actor_id"),
        info={"retention": "person"},
    )
