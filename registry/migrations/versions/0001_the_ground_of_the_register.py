"""the ground of the register."""

import sqlalchemy as sa
from alembic import op

from registry import types
from registry.appendonly import forbid_changes

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blob",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("refs", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_blob")),
    )
    op.create_table(
        "counter",
        sa.Column("journal", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("journal", "year", name=op.f("pk_counter")),
    )
    op.create_table(
        "cursor",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_cursor")),
    )
    op.create_table(
        "login",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login")),
    )
    with op.batch_alter_table("login", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_login"), ["login"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column("first_name", sa.String(length=80), nullable=False),
        sa.Column("patronymic", sa.String(length=80), nullable=True),
        sa.Column("position", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("roles", types.Json(), nullable=False),
        sa.Column("queues", types.Json(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("login", name=op.f("uq_person_login")),
    )
    op.create_table(
        "arrival",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("external_id", sa.String(length=500), nullable=False),
        sa.Column("canonical", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("form", sa.String(length=8), nullable=False),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("channel_address", sa.String(length=24), nullable=False),
        sa.Column("received_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("receipt_date", sa.Date(), nullable=True),
        sa.Column("taken_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("joined_to", sa.Integer(), nullable=True),
        sa.Column("sheets_dropped", sa.Integer(), nullable=False),
        sa.Column("work", sa.String(length=24), nullable=False),
        sa.Column("claimed_by", sa.String(length=80), nullable=True),
        sa.Column("claimed_until", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("work_error", sa.String(length=400), nullable=True),
        sa.ForeignKeyConstraint(["digest"], ["blob.digest"], name=op.f("fk_arrival_digest")),
        sa.ForeignKeyConstraint(["joined_to"], ["arrival.id"], name=op.f("fk_arrival_joined_to")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival")),
        sa.UniqueConstraint("source", "external_id", name=op.f("uq_arrival_source_external_id")),
    )
    with op.batch_alter_table("arrival", schema=None) as batch_op:
        batch_op.create_index("ix_arrival_canonical", ["canonical"], unique=False)
        batch_op.create_index("ix_arrival_work", ["work", "claimed_until", "id"], unique=False)

    op.create_table(
        "client",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("segment", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("account_number", sa.String(length=40), nullable=True),
        sa.Column("contract_number", sa.String(length=60), nullable=True),
        sa.Column("inn", sa.String(length=12), nullable=True),
        sa.Column("is_vip", sa.Boolean(), nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=True),
        sa.Column("curator_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_emails", types.Json(), nullable=False),
        sa.Column("confirmed_address", sa.String(length=500), nullable=True),
        sa.Column("extra", types.Json(), nullable=False),
        sa.ForeignKeyConstraint(["curator_id"], ["person.id"], name=op.f("fk_client_curator_id")),
        sa.ForeignKeyConstraint(["manager_id"], ["person.id"], name=op.f("fk_client_manager_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
    )
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_client_account_number"), ["account_number"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_contract_number"), ["contract_number"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_inn"), ["inn"], unique=False)

    op.create_table(
        "dispatch_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("pdf_digest", sa.String(length=64), nullable=True),
        sa.Column("handed_over", sa.Date(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["pdf_digest"], ["blob.digest"], name=op.f("fk_dispatch_list_pdf_digest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatch_list")),
    )
    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reg_number", sa.String(length=60), nullable=False),
        sa.Column("journal", sa.String(length=40), nullable=False),
        sa.Column("reg_year", sa.Integer(), nullable=False),
        sa.Column("reg_seq", sa.Integer(), nullable=False),
        sa.Column("received_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("registered_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("verified_by", sa.String(length=80), nullable=True),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("channel_address", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("queue", sa.String(length=24), nullable=True),
        sa.Column("reply_owner", sa.String(length=24), nullable=True),
        sa.Column("executor_id", sa.Integer(), nullable=True),
        sa.Column("segment", sa.String(length=8), nullable=False),
        sa.Column("is_vip", sa.Boolean(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=True),
        sa.Column("topic_code", sa.String(length=16), nullable=True),
        sa.Column("topic_confidence", sa.Float(), nullable=False),
        sa.Column("topic_confirmed_by", sa.String(length=80), nullable=True),
        sa.Column("topics", types.Json(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("alarms", types.Json(), nullable=False),
        sa.Column("reply_channel", sa.String(length=24), nullable=True),
        sa.Column("needs_person", sa.Boolean(), nullable=False),
        sa.Column("reasons", types.Json(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("model", sa.String(length=120), nullable=True),
        sa.Column("rules_version", sa.String(length=64), nullable=True),
        sa.Column("due", types.Json(), nullable=False),
        sa.Column("due_hard", sa.Date(), nullable=False),
        sa.Column("due_target", sa.Date(), nullable=False),
        sa.Column("due_provisional", sa.Boolean(), nullable=False),
        sa.Column("stated_date", sa.Date(), nullable=True),
        sa.Column("event_date", sa.Date(), nullable=True),
        sa.Column("due_soon_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("overdue_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("replied_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ack_state", sa.String(length=16), nullable=False),
        sa.Column("ack_due", sa.Date(), nullable=True),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("related_to", sa.Integer(), nullable=True),
        sa.Column("close_ground", sa.String(length=40), nullable=True),
        sa.Column("work", sa.String(length=24), nullable=False),
        sa.Column("claimed_by", sa.String(length=80), nullable=True),
        sa.Column("claimed_until", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("work_error", sa.String(length=400), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_appeal_client_id")),
        sa.ForeignKeyConstraint(["executor_id"], ["person.id"], name=op.f("fk_appeal_executor_id")),
        sa.ForeignKeyConstraint(["merged_into"], ["appeal.id"], name=op.f("fk_appeal_merged_into")),
        sa.ForeignKeyConstraint(["related_to"], ["appeal.id"], name=op.f("fk_appeal_related_to")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("journal", "reg_year", "reg_seq", name=op.f("uq_appeal_journal_reg_year_reg_seq")),
        sa.UniqueConstraint("reg_number", name=op.f("uq_appeal_reg_number")),
    )
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.create_index("ix_appeal_executor", ["executor_id", "is_open"], unique=False)
        batch_op.create_index("ix_appeal_open_due", ["is_open", "due_hard"], unique=False)
        batch_op.create_index("ix_appeal_owner_due", ["reply_owner", "is_open", "due_hard"], unique=False)
        batch_op.create_index("ix_appeal_queue_due", ["queue", "is_open", "due_hard"], unique=False)
        batch_op.create_index(batch_op.f("ix_appeal_state"), ["state"], unique=False)
        batch_op.create_index("ix_appeal_work", ["work", "claimed_until", "id"], unique=False)

    op.create_table(
        "appeal_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("topics", types.Json(), nullable=False),
        sa.Column("topic_code", sa.String(length=16), nullable=True),
        sa.Column("confirmed_by", sa.String(length=80), nullable=True),
        sa.Column("queue", sa.String(length=24), nullable=True),
        sa.Column("due_hard", sa.Date(), nullable=True),
        sa.Column("due_target", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_appeal_item_appeal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_item")),
        sa.UniqueConstraint("appeal_id", "ordinal", name=op.f("uq_appeal_item_appeal_id_ordinal")),
    )
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("before", types.Json(), nullable=True),
        sa.Column("after", types.Json(), nullable=True),
        sa.Column("model", sa.String(length=120), nullable=True),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_correction_appeal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_correction_appeal_id"), ["appeal_id"], unique=False)

    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stream", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=True),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("data", types.Json(), nullable=False),
        sa.Column("prev_digest", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_event_appeal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("stream", "seq", name=op.f("uq_event_stream_seq")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_appeal", ["appeal_id", "id"], unique=False)

    op.create_table(
        "part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("arrival_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=24), nullable=False),
        sa.Column("reasons", types.Json(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("meta", types.Json(), nullable=False),
        sa.Column("message_id", sa.String(length=500), nullable=True),
        sa.Column("receipt_date", sa.Date(), nullable=True),
        sa.Column("journal", sa.String(length=40), nullable=True),
        sa.Column("appeal_id", sa.Integer(), nullable=True),
        sa.Column("work", sa.String(length=24), nullable=False),
        sa.Column("claimed_by", sa.String(length=80), nullable=True),
        sa.Column("claimed_until", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("work_error", sa.String(length=400), nullable=True),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_part_appeal_id")),
        sa.ForeignKeyConstraint(["arrival_id"], ["arrival.id"], name=op.f("fk_part_arrival_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part")),
        sa.UniqueConstraint("arrival_id", "ordinal", name=op.f("uq_part_arrival_id_ordinal")),
    )
    with op.batch_alter_table("part", schema=None) as batch_op:
        batch_op.create_index("ix_part_appeal", ["appeal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_part_message_id"), ["message_id"], unique=False)
        batch_op.create_index("ix_part_state", ["state"], unique=False)
        batch_op.create_index("ix_part_work", ["work", "claimed_until", "id"], unique=False)

    op.create_table(
        "party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("fields", types.Json(), nullable=False),
        sa.Column("evidence", types.Json(), nullable=False),
        sa.Column("confirmed", types.Json(), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_party_appeal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
        sa.UniqueConstraint("appeal_id", "role", "ordinal", name=op.f("uq_party_appeal_id_role_ordinal")),
    )
    op.create_table(
        "reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("executor_id", sa.Integer(), nullable=True),
        sa.Column("signatory_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("out_number", sa.String(length=60), nullable=True),
        sa.Column("letter_date", sa.Date(), nullable=True),
        sa.Column("approved_by", sa.String(length=80), nullable=True),
        sa.Column("approved_digest", sa.String(length=64), nullable=True),
        sa.Column("sign_way", sa.String(length=16), nullable=True),
        sa.Column("signed_by", sa.String(length=80), nullable=True),
        sa.Column("signed_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("signed_digest", sa.String(length=64), nullable=True),
        sa.Column("created_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_reply_appeal_id")),
        sa.ForeignKeyConstraint(["executor_id"], ["person.id"], name=op.f("fk_reply_executor_id")),
        sa.ForeignKeyConstraint(["signatory_id"], ["person.id"], name=op.f("fk_reply_signatory_id")),
        sa.ForeignKeyConstraint(["signed_digest"], ["blob.digest"], name=op.f("fk_reply_signed_digest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
        sa.UniqueConstraint("out_number", name=op.f("uq_reply_out_number")),
    )
    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reply_appeal_id"), ["appeal_id"], unique=False)

    op.create_table(
        "subtask",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("queue", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_subtask_appeal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subtask")),
        sa.UniqueConstraint("appeal_id", "queue", name=op.f("uq_subtask_appeal_id_queue")),
    )
    with op.batch_alter_table("subtask", schema=None) as batch_op:
        batch_op.create_index("ix_subtask_queue", ["queue", "state"], unique=False)

    op.create_table(
        "dispatch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=True),
        sa.Column("not_before", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("raw_digest", sa.String(length=64), nullable=True),
        sa.Column("proof", types.Json(), nullable=False),
        sa.Column("sent_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("list_id", sa.Integer(), nullable=True),
        sa.Column("created_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("work", sa.String(length=24), nullable=False),
        sa.Column("claimed_by", sa.String(length=80), nullable=True),
        sa.Column("claimed_until", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("work_error", sa.String(length=400), nullable=True),
        sa.ForeignKeyConstraint(["list_id"], ["dispatch_list.id"], name=op.f("fk_dispatch_list_id")),
        sa.ForeignKeyConstraint(["raw_digest"], ["blob.digest"], name=op.f("fk_dispatch_raw_digest")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_dispatch_reply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatch")),
        sa.UniqueConstraint("message_id", name=op.f("uq_dispatch_message_id")),
        sa.UniqueConstraint("reply_id", "channel", "address", name=op.f("uq_dispatch_reply_id_channel_address")),
    )
    with op.batch_alter_table("dispatch", schema=None) as batch_op:
        batch_op.create_index("ix_dispatch_work", ["work", "claimed_until", "not_before", "id"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("archive_digest", sa.String(length=64), nullable=True),
        sa.Column("words_digest", sa.String(length=64), nullable=True),
        sa.Column("risk", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("engine", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(["archive_digest"], ["blob.digest"], name=op.f("fk_document_archive_digest")),
        sa.ForeignKeyConstraint(["digest"], ["blob.digest"], name=op.f("fk_document_digest")),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_document_part_id")),
        sa.ForeignKeyConstraint(["words_digest"], ["blob.digest"], name=op.f("fk_document_words_digest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("part_id", "ordinal", name=op.f("uq_document_part_id_ordinal")),
    )
    op.create_table(
        "event_value",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("value", types.Json(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_value_event_id")),
        sa.PrimaryKeyConstraint("event_id", "name", name=op.f("pk_event_value")),
    )
    op.create_table(
        "feed",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_feed_event_id")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_feed")),
        sa.UniqueConstraint("event_id", name=op.f("uq_feed_event_id")),
    )
    op.create_table(
        "number",
        sa.Column("journal", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=60), nullable=False),
        sa.Column("issued_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.String(length=80), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=True),
        sa.Column("reply_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_number_appeal_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_number_reply_id")),
        sa.PrimaryKeyConstraint("journal", "year", "seq", name=op.f("pk_number")),
        sa.UniqueConstraint("text", name=op.f("uq_number_text")),
    )
    op.create_table(
        "override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=16), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_override_reply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_override")),
        sa.UniqueConstraint(
            "reply_id", "rule", "content_digest", name=op.f("uq_override_reply_id_rule_content_digest")
        ),
    )
    op.create_table(
        "reply_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", types.Json(), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("docx_digest", sa.String(length=64), nullable=True),
        sa.Column("pdf_digest", sa.String(length=64), nullable=True),
        sa.Column("report", types.Json(), nullable=True),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("created_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["docx_digest"], ["blob.digest"], name=op.f("fk_reply_version_docx_digest")),
        sa.ForeignKeyConstraint(["pdf_digest"], ["blob.digest"], name=op.f("fk_reply_version_pdf_digest")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_reply_version_reply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_version")),
        sa.UniqueConstraint("reply_id", "number", name=op.f("uq_reply_version_reply_id_number")),
    )
    op.create_table(
        "page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("rotated", sa.Integer(), nullable=False),
        sa.Column("needs_person", sa.Boolean(), nullable=False),
        sa.Column("reasons", types.Json(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_page_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page")),
        sa.UniqueConstraint("document_id", "number", name=op.f("uq_page_document_id_number")),
    )
    forbid_changes("event")


def downgrade() -> None:
    raise NotImplementedError("A register is never migrated backwards: restore it from a backup.")
