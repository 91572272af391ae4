"""what lawyers and auditors need."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from registry import types
from registry.appendonly import forbid_changes

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "anchor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_event", sa.Integer(), nullable=False),
        sa.Column("streams", sa.Integer(), nullable=False),
        sa.Column("heads", sa.String(length=64), nullable=False),
        sa.Column("prev_digest", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anchor")),
        sa.UniqueConstraint("day", name=op.f("uq_anchor_day")),
    )
    op.create_table(
        "reservation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("journal", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=80), nullable=True),
        sa.Column("closed_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation")),
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=True),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["deputy_id"], ["person.id"], name=op.f("fk_absence_deputy_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("arrival", schema=None) as batch_op:
        batch_op.add_column(sa.Column("named", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("postmark_date", sa.Date(), nullable=True))
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index("ix_absence_deputy", ["deputy_id", "first"], unique=False)
        batch_op.create_index("ix_absence_person", ["person_id", "first"], unique=False)

    op.create_table(
        "destruction_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(length=80), nullable=True),
        sa.Column("approved_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=80), nullable=True),
        sa.Column("done_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("rows", types.Json(), nullable=False),
        sa.Column("pdf_digest", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["pdf_digest"], ["blob.digest"], name=op.f("fk_destruction_act_pdf_digest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destruction_act")),
        sa.UniqueConstraint("year", "seq", name=op.f("uq_destruction_act_year_seq")),
    )
    op.create_table(
        "rule_edition",
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("seen_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_by", sa.String(length=80), nullable=False),
        sa.Column("orders", types.Json(), nullable=False),
        sa.Column("files_digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["files_digest"], ["blob.digest"], name=op.f("fk_rule_edition_files_digest")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_rule_edition")),
    )
    op.create_table(
        "client_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(length=120), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_contact_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_contact")),
        sa.UniqueConstraint("external_id", name=op.f("uq_client_contact_external_id")),
    )
    with op.batch_alter_table("client_contact", schema=None) as batch_op:
        batch_op.create_index("ix_client_contact_client", ["client_id", "at"], unique=False)

    op.create_table(
        "client_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column(
            "value",
            sa.String(length=300).with_variant(sa.String(length=300, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("curator_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_key_client_id")),
        sa.ForeignKeyConstraint(["curator_id"], ["person.id"], name=op.f("fk_client_key_curator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_key")),
        sa.UniqueConstraint("client_id", "kind", "value", name=op.f("uq_client_key_client_id_kind_value")),
    )
    with op.batch_alter_table("client_key", schema=None) as batch_op:
        batch_op.create_index("ix_client_key_value", ["kind", "value"], unique=False)

    op.create_table(
        "access",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("deed", sa.String(length=40), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=80), nullable=True),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_access_appeal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access")),
    )
    with op.batch_alter_table("access", schema=None) as batch_op:
        batch_op.create_index("ix_access_actor", ["actor", "id"], unique=False)
        batch_op.create_index("ix_access_appeal", ["appeal_id", "id"], unique=False)
        batch_op.create_index("ix_access_at", ["at"], unique=False)

    op.create_table(
        "case_entry",
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("case_index", sa.String(length=20), nullable=False),
        sa.Column("volume", sa.Integer(), nullable=False),
        sa.Column("sheet_first", sa.Integer(), nullable=True),
        sa.Column("sheet_last", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("filed_by", sa.String(length=80), nullable=False),
        sa.Column("filed_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["act_id"], ["destruction_act.id"], name=op.f("fk_case_entry_act_id")),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_case_entry_appeal_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["person.id"], name=op.f("fk_case_entry_holder_id")),
        sa.PrimaryKeyConstraint("appeal_id", name=op.f("pk_case_entry")),
    )
    with op.batch_alter_table("case_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_entry_act_id"), ["act_id"], unique=False)
        batch_op.create_index("ix_case_entry_file", ["case_index", "volume"], unique=False)

    op.create_table(
        "conflict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declared_by", sa.String(length=80), nullable=False),
        sa.Column("declared_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.String(length=80), nullable=True),
        sa.Column("lifted_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_conflict_appeal_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_conflict_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
    )
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.create_index("ix_conflict_appeal", ["appeal_id"], unique=False)
        batch_op.create_index("ix_conflict_person", ["person_id", "lifted_at"], unique=False)

    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=True),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("counts", types.Json(), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_erasure_appeal_id")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_erasure_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_erasure_appeal_id"), ["appeal_id"], unique=False)

    op.create_table(
        "outcome",
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("substantiated", sa.Boolean(), nullable=False),
        sa.Column("lawful", sa.String(length=16), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("cause_text", sa.Text(), nullable=True),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.Column("decided_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_outcome_appeal_id")),
        sa.PrimaryKeyConstraint("appeal_id", name=op.f("pk_outcome")),
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("evidence", types.Json(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("made_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_proposal_appeal_id")),
        sa.ForeignKeyConstraint(["other_id"], ["appeal.id"], name=op.f("fk_proposal_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("appeal_id", "other_id", name=op.f("uq_proposal_appeal_id_other_id")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_other_id"), ["other_id"], unique=False)
        batch_op.create_index("ix_proposal_state", ["state", "id"], unique=False)

    op.create_table(
        "client_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=True),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("received_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("part_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_client_request_appeal_id")),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_client_request_part_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_client_request_reply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_request")),
    )
    with op.batch_alter_table("client_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_client_request_appeal_id"), ["appeal_id"], unique=False)

    op.create_table(
        "control",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=True),
        sa.Column("promise", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("queue", sa.String(length=24), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.String(length=80), nullable=True),
        sa.Column("settled_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("due_soon_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("overdue_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_control_appeal_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["person.id"], name=op.f("fk_control_holder_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_control_reply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_control")),
    )
    with op.batch_alter_table("control", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_control_appeal_id"), ["appeal_id"], unique=False)
        batch_op.create_index("ix_control_due", ["state", "due"], unique=False)

    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(length=400), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.Column("decided_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("notice_due", sa.Date(), nullable=False),
        sa.Column("notice_reply_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_extension_appeal_id")),
        sa.ForeignKeyConstraint(["notice_reply_id"], ["reply.id"], name=op.f("fk_extension_notice_reply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extension_appeal_id"), ["appeal_id"], unique=False)

    op.create_table(
        "appeal_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_appeal_key_appeal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_key")),
        sa.UniqueConstraint("appeal_id", "kind", "value", name=op.f("uq_appeal_key_appeal_id_kind_value")),
    )
    with op.batch_alter_table("appeal_key", schema=None) as batch_op:
        batch_op.create_index("ix_appeal_key_value", ["kind", "value", "appeal_id"], unique=False)

    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("document_class", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("due_rule", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("postmark_date", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("control_date", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("extended_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("waiting_since", types.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("client_by", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("client_confidence", sa.Float(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("client_confirmed_by", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("identity", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("identity_by", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("exclusions", types.Json(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("relation", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("closed_at", types.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("keep_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("hold_reason", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("erased_at", types.UtcDateTime(timezone=True), nullable=True))
        batch_op.create_index("ix_appeal_client", ["client_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appeal_control_date"), ["control_date"], unique=False)
        batch_op.create_index("ix_appeal_keep", ["keep_until"], unique=False)
        batch_op.create_index("ix_appeal_open", ["is_open", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appeal_merged_into"), ["merged_into"], unique=False)
        batch_op.create_index("ix_appeal_registered", ["registered_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_appeal_related_to"), ["related_to"], unique=False)

    with op.batch_alter_table("appeal_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due", types.Json(), nullable=True))
        batch_op.add_column(sa.Column("due_rule", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("answer", sa.Text(), nullable=True))

    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.add_column(sa.Column("external_id", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("updated_at", types.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("erased_at", types.UtcDateTime(timezone=True), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_client_external_id"), ["external_id"])

    with op.batch_alter_table("blob", schema=None) as batch_op:
        unused = sa.text("refs <= 0")
        batch_op.create_index("ix_blob_free", ["digest"], sqlite_where=unused, postgresql_where=unused)

    with op.batch_alter_table("counter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_at", types.UtcDateTime(timezone=True), nullable=True))

    with op.batch_alter_table("number", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cancelled_by", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("cancelled_at", types.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("reservation_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("written_on", sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f("ix_number_reservation_id"), ["reservation_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_number_reservation_id"), "reservation", ["reservation_id"], ["id"])

    with op.batch_alter_table("party", schema=None) as batch_op:
        batch_op.add_column(sa.Column("details", types.Json(), nullable=False, server_default="{}"))

    with op.batch_alter_table("subtask", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=16), nullable=False, server_default="part"))
        batch_op.add_column(sa.Column("item_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("question", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("due", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("asked_by", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("asked_at", types.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("executor_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("answer", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("answered_by", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("answered_at", types.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("remark", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("due_soon_at", types.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("overdue_at", types.UtcDateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_subtask_appeal_id_queue"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_subtask_queue"))
        batch_op.create_index("ix_subtask_queue", ["queue", "state", "due"], unique=False)
        batch_op.create_index("ix_subtask_appeal", ["appeal_id"], unique=False)
        batch_op.create_index("ix_subtask_due", ["state", "due"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_subtask_item_id"), "appeal_item", ["item_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_subtask_executor_id"), "person", ["executor_id"], ["id"])

    notice = sa.text("kind = 'appeal.notified'")
    op.create_index("ix_event_notified", "event", ["at"], sqlite_where=notice, postgresql_where=notice)
    op.execute("UPDATE appeal SET control_date = due_hard")
    for kind, column in (("account", "account_number"), ("contract", "contract_number"), ("inn", "inn")):
        value: sa.ColumnClause[str] = sa.column(column)
        known: sa.Select[Any] = sa.select(sa.column("id"), sa.literal(kind), value).select_from(sa.table("client"))
        keys = sa.table("client_key", sa.column("client_id"), sa.column("kind"), sa.column("value"))
        op.execute(keys.insert().from_select(["client_id", "kind", "value"], known.where(value.is_not(None))))
    for table in ("anchor", "access", "erasure"):
        forbid_changes(table)


def downgrade() -> None:
    raise NotImplementedError("A register is never migrated backwards: restore it from a backup.")
