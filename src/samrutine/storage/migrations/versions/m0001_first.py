"""
The first schema, with what later work would otherwise tear open.

Meets: an empty database. Besides what is used from the first day it holds people, grants and delegations with from and
until; actors that are persons, the system or outsiders' links; section keys; intervals on two axes of time; effective
digests; attachments; one outbox position a consumer; what waits, with owner and due day; notifications; access class;
the retention class of every table; the forms of chain, record and text.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

RETENTION = {
    "actor": "permanent",
    "addition": "permanent",
    "adoption": "permanent",
    "approval": "permanent",
    "attachment": "permanent",
    "chain_head": "permanent",
    "counter": "derived",
    "dead_letter": "working",
    "decision": "permanent",
    "decision_text": "permanent",
    "delegation": "permanent",
    "effective_document": "permanent",
    "in_force": "permanent",
    "library": "permanent",
    "library_file": "permanent",
    "local_value": "permanent",
    "municipality": "derived",
    "network": "derived",
    "notification": "working",
    "outbox": "derived",
    "outbox_position": "derived",
    "person": "person",
    "procedure": "permanent",
    "proposal": "working",
    "publication": "permanent",
    "publication_target": "permanent",
    "role_grant": "permanent",
    "section": "derived",
    "table_retention": "derived",
    "version": "permanent",
    "waiting": "working",
    "words": "permanent",
}


def upgrade() -> None:
    """Make the tables, and write down how long each keeps its rows."""
    op.create_table(
        "chain_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name="chain_head_one_row"),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "permanent"},
    )
    op.create_table(
        "counter",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        info={"retention": "derived"},
    )
    op.create_table(
        "dead_letter",
        sa.Column("consumer", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("consumer", "number"),
        info={"retention": "working"},
    )
    op.create_table(
        "decision",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("register_folder", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("hash"),
        sa.UniqueConstraint("id"),
        info={"retention": "permanent"},
    )
    op.create_index("decision_register", "decision", ["register_folder", "number"], unique=False)
    op.create_index("decision_subject", "decision", ["subject", "number"], unique=False)
    op.create_index(op.f("ix_decision_act_id"), "decision", ["act_id"], unique=False)
    op.create_table(
        "effective_document",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("first_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
        info={"retention": "permanent"},
    )
    op.create_index("effective_where", "effective_document", ["municipality", "procedure_id"], unique=False)
    op.create_table(
        "in_force",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("major", sa.Integer(), nullable=False),
        sa.Column("minor", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("position", sa.String(), nullable=False),
        sa.Column("adopted_number", sa.Integer(), nullable=False),
        sa.Column("decided_number", sa.Integer(), nullable=False),
        sa.Column("superseded_number", sa.Integer(), nullable=True),
        sa.CheckConstraint("until_on IS NULL OR until_on > from_on", name="in_force_some_days"),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "permanent"},
    )
    op.create_index("in_force_decided", "in_force", ["decided_number"], unique=False)
    op.create_index(
        "in_force_now", "in_force", ["municipality", "procedure_id", "superseded_number", "from_on"], unique=False
    )
    op.create_index(
        "in_force_version", "in_force", ["procedure_id", "superseded_number", "major", "minor"], unique=False
    )
    op.create_table(
        "library",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("opened_number", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name="library_one_row"),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "permanent"},
    )
    op.create_table(
        "municipality",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("sami_name", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("slug"),
        info={"retention": "derived"},
    )
    op.create_table(
        "network",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "derived"},
    )
    op.create_table(
        "outbox_position",
        sa.Column("consumer", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("consumer"),
        info={"retention": "derived"},
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("login", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("login"),
        info={"retention": "person"},
    )
    op.create_table(
        "section",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("major", sa.Integer(), nullable=False),
        sa.Column("minor", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("heading", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("text_digest", sa.String(), nullable=False),
        sa.Column("earlier_key", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("procedure_id", "major", "minor", "key"),
        info={"retention": "derived"},
    )
    op.create_table(
        "table_retention",
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("retention_class", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("table_name"),
        info={"retention": "derived"},
    )
    op.create_table(
        "words",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("git_blob", sa.String(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("digest"),
        info={"retention": "permanent"},
    )
    op.create_table(
        "actor",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("created_number", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('person', 'system', 'link')", name="actor_kind"),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "permanent"},
    )
    op.create_index(op.f("ix_actor_person_id"), "actor", ["person_id"], unique=False)
    op.create_table(
        "addition",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("section_key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("decided_number", sa.Integer(), nullable=False),
        sa.Column("superseded_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["digest"],
            ["words.digest"],
        ),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipality.number"],
        ),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "permanent"},
    )
    op.create_index("addition_now", "addition", ["municipality", "procedure_id", "superseded_number"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("major", sa.Integer(), nullable=False),
        sa.Column("minor", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest"],
            ["words.digest"],
        ),
        sa.PrimaryKeyConstraint("procedure_id", "major", "minor", "name"),
        info={"retention": "permanent"},
    )
    op.create_table(
        "decision_text",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["number"],
            ["decision.number"],
        ),
        sa.PrimaryKeyConstraint("number", "name"),
        info={"retention": "permanent"},
    )
    op.create_table(
        "library_file",
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("settled_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest"],
            ["words.digest"],
        ),
        sa.PrimaryKeyConstraint("path"),
        info={"retention": "permanent"},
    )
    op.create_table(
        "local_value",
        sa.Column("decided_number", sa.Integer(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_number"],
            ["decision.number"],
        ),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipality.number"],
        ),
        sa.PrimaryKeyConstraint("decided_number", "key"),
        info={"retention": "permanent"},
    )
    op.create_index(
        "local_value_now", "local_value", ["municipality", "procedure_id", "key", "superseded_number"], unique=False
    )
    op.create_table(
        "outbox",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subjects", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"],
            ["decision.number"],
        ),
        sa.PrimaryKeyConstraint("number"),
        info={"retention": "derived"},
    )
    op.create_table(
        "publication_target",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("connector", sa.String(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("set_number", sa.Integer(), nullable=False),
        sa.Column("ended_number", sa.Integer(), nullable=True),
        sa.Column("manifest", sa.Text(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipality.number"],
        ),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "permanent"},
    )
    op.create_index(op.f("ix_publication_target_municipality"), "publication_target", ["municipality"], unique=False)
    op.create_table(
        "delegation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("position", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("decided_number", sa.Integer(), nullable=False),
        sa.Column("ended_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["actor.id"],
        ),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipality.number"],
        ),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "permanent"},
    )
    op.create_index(op.f("ix_delegation_actor_id"), "delegation", ["actor_id"], unique=False)
    op.create_index(op.f("ix_delegation_municipality"), "delegation", ["municipality"], unique=False)
    op.create_table(
        "notification",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["actor.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "working"},
    )
    op.create_index(op.f("ix_notification_actor_id"), "notification", ["actor_id"], unique=False)
    op.create_table(
        "procedure",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("translation_of", sa.String(), nullable=True),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("access", sa.String(), nullable=False),
        sa.Column("access_basis", sa.String(), nullable=True),
        sa.Column("decision_level", sa.String(), nullable=False),
        sa.Column("owner_actor", sa.String(), nullable=True),
        sa.Column("deputy_actor", sa.String(), nullable=True),
        sa.Column("review_interval_months", sa.Integer(), nullable=False),
        sa.Column("next_review", sa.Date(), nullable=False),
        sa.Column("major", sa.Integer(), nullable=False),
        sa.Column("minor", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("replaced_by", sa.String(), nullable=True),
        sa.Column("withdrawn_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["deputy_actor"],
            ["actor.id"],
        ),
        sa.ForeignKeyConstraint(
            ["network"],
            ["network.id"],
        ),
        sa.ForeignKeyConstraint(
            ["owner_actor"],
            ["actor.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "permanent"},
    )
    op.create_index(op.f("ix_procedure_network"), "procedure", ["network"], unique=False)
    op.create_table(
        "proposal",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("author_actor", sa.String(), nullable=False),
        sa.Column("author_municipality", sa.String(), nullable=True),
        sa.Column("base_version", sa.String(), nullable=True),
        sa.Column("base_digest", sa.String(), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("significance", sa.String(), nullable=False),
        sa.Column("meaning", sa.Text(), nullable=True),
        sa.Column("policy", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_actor"],
            ["actor.id"],
        ),
        sa.ForeignKeyConstraint(
            ["network"],
            ["network.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "working"},
    )
    op.create_index("proposal_procedure", "proposal", ["procedure_id", "state"], unique=False)
    op.create_table(
        "publication",
        sa.Column("target_id", sa.String(), nullable=False),
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("effective_digest", sa.String(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("chain_number", sa.Integer(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["target_id"],
            ["publication_target.id"],
        ),
        sa.PrimaryKeyConstraint("target_id", "procedure_id"),
        info={"retention": "permanent"},
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("deputy_of", sa.String(), nullable=True),
        sa.Column("decided_number", sa.Integer(), nullable=False),
        sa.Column("ended_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["actor.id"],
        ),
        sa.ForeignKeyConstraint(
            ["deputy_of"],
            ["role_grant.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "permanent"},
    )
    op.create_index(op.f("ix_role_grant_actor_id"), "role_grant", ["actor_id"], unique=False)
    op.create_index("role_grant_body", "role_grant", ["body", "role"], unique=False)
    op.create_table(
        "waiting",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("owner_actor", sa.String(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("opened_number", sa.Integer(), nullable=False),
        sa.Column("closed_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["owner_actor"],
            ["actor.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "working"},
    )
    op.create_index("waiting_about", "waiting", ["subject"], unique=False)
    op.create_index("waiting_open", "waiting", ["body", "closed_number"], unique=False)
    op.create_table(
        "adoption",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("major", sa.Integer(), nullable=True),
        sa.Column("minor", sa.Integer(), nullable=True),
        sa.Column("in_force_from", sa.Date(), nullable=True),
        sa.Column("own_link", sa.String(), nullable=True),
        sa.Column("deferred_until", sa.Date(), nullable=True),
        sa.Column("next_review", sa.Date(), nullable=True),
        sa.Column("decided_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipality.number"],
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
        ),
        sa.PrimaryKeyConstraint("municipality", "procedure_id"),
        info={"retention": "permanent"},
    )
    op.create_index("adoption_procedure", "adoption", ["procedure_id", "state"], unique=False)
    op.create_table(
        "approval",
        sa.Column("decided_number", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["actor.id"],
        ),
        sa.ForeignKeyConstraint(
            ["decided_number"],
            ["decision.number"],
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
        ),
        sa.PrimaryKeyConstraint("decided_number"),
        info={"retention": "permanent"},
    )
    op.create_index("approval_once", "approval", ["proposal_id", "actor_id", "digest"], unique=True)
    op.create_table(
        "version",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("major", sa.Integer(), nullable=False),
        sa.Column("minor", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("text_form", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("significance", sa.String(), nullable=False),
        sa.Column("meaning", sa.Text(), nullable=True),
        sa.Column("proposal_id", sa.String(), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.Column("decided_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest"],
            ["words.digest"],
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
        ),
        sa.PrimaryKeyConstraint("procedure_id", "major", "minor"),
        sa.UniqueConstraint("decided_number"),
        info={"retention": "permanent"},
    )
    op.create_index("version_digest", "version", ["digest"], unique=False)

    retention = sa.table("table_retention", sa.column("table_name"), sa.column("retention_class"))
    op.bulk_insert(retention, [{"table_name": name, "retention_class": kept} for name, kept in RETENTION.items()])
    # The chain begins with a head that stands for nothing decided yet, and with the system as the only actor.
    head = sa.table("chain_head", sa.column("id"), sa.column("number"), sa.column("hash"), sa.column("form"))
    op.bulk_insert(head, [{"id": 1, "number": 0, "hash": "1:" + "0" * 64, "form": 1}])
    actor = sa.table("actor", sa.column("id"), sa.column("kind"))
    op.bulk_insert(actor, [{"id": "system", "kind": "system"}])
