"""enclosures."""

import sqlalchemy as sa
from alembic import op

from registry import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "enclosure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("created_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["blob.digest"], name=op.f("fk_enclosure_digest")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_enclosure_reply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enclosure")),
        sa.UniqueConstraint("reply_id", "digest", name=op.f("uq_enclosure_reply_id_digest")),
    )


def downgrade() -> None:
    raise NotImplementedError("A register is never migrated backwards: restore it from a backup.")
