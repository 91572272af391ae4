"""portions of long letters, leased one by one."""

import sqlalchemy as sa
from alembic import op

from registry import types

revision = "0032"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "portion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("result_digest", sa.String(length=64), nullable=True),
        sa.Column("work", sa.String(length=24), nullable=False),
        sa.Column("claimed_by", sa.String(length=80), nullable=True),
        sa.Column("claimed_until", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("work_error", sa.String(length=400), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_portion_document_id")),
        sa.ForeignKeyConstraint(["result_digest"], ["blob.digest"], name=op.f("fk_portion_result_digest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portion")),
        sa.UniqueConstraint("document_id", "first", name=op.f("uq_portion_document_id_first")),
    )
    op.create_index("ix_portion_work", "portion", ["work", "claimed_until", "id"])


def downgrade() -> None:
    raise NotImplementedError("A register is never migrated backwards: restore it from a backup.")
