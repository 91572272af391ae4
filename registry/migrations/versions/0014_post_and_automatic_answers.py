"""post: kinds of items, tracking, notices, stamped lists; automatic answers and addresses refused for good."""

import sqlalchemy as sa
from alembic import op

from registry import types
from registry.appendonly import forbid_changes

revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("dispatch") as table:
        table.add_column(sa.Column("refused_at", types.UtcDateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("post_kind", sa.String(length=24), nullable=True))
        table.add_column(sa.Column("tracking", sa.String(length=14), nullable=True))
        table.add_column(sa.Column("delivered_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("receipt_digest", sa.String(length=64), nullable=True))
        table.create_foreign_key(op.f("fk_dispatch_receipt_digest"), "blob", ["receipt_digest"], ["digest"])
    op.create_index("ix_dispatch_list", "dispatch", ["list_id"])
    op.create_index("ix_dispatch_tracking", "dispatch", ["tracking"], unique=True)
    with op.batch_alter_table("dispatch_list") as table:
        table.add_column(sa.Column("post_kind", sa.String(length=24), nullable=True))
        table.add_column(sa.Column("count", sa.Integer(), nullable=True))
        table.add_column(sa.Column("accepted", sa.Integer(), nullable=True))
        table.add_column(sa.Column("cancelled_at", types.UtcDateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("scan_digest", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("scanned_at", types.UtcDateTime(timezone=True), nullable=True))
        table.create_foreign_key(op.f("fk_dispatch_list_scan_digest"), "blob", ["scan_digest"], ["digest"])
    op.create_table(
        "auto_switch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("turned_on", sa.Boolean(), nullable=False),
        sa.Column("signatory_id", sa.Integer(), nullable=True),
        sa.Column("scripts", types.Json(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["signatory_id"], ["person.id"], name=op.f("fk_auto_switch_signatory_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auto_switch")),
    )
    forbid_changes("auto_switch")
    op.create_table(
        "auto_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=False),
        sa.Column("topic_code", sa.String(length=16), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("model", sa.String(length=120), nullable=True),
        sa.Column("reply_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_auto_answer_appeal_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_auto_answer_reply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auto_answer")),
    )
    op.create_index("ix_auto_answer_appeal", "auto_answer", ["appeal_id"], unique=True)


def downgrade() -> None:
    raise NotImplementedError("A register is never migrated backwards: restore it from a backup.")
