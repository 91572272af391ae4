"""one fetch at a time per mailbox, and troubles of lines to the outside."""

import sqlalchemy as sa
from alembic import op

from registry import types

revision = "0028"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("mailbox") as batch:
        batch.add_column(sa.Column("claimed_by", sa.String(80), nullable=True))
        batch.add_column(sa.Column("claimed_until", types.UtcDateTime(), nullable=True))
    op.create_table(
        "trouble",
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("text", sa.String(400), nullable=False),
        sa.Column("is_settings", sa.Boolean(), nullable=False),
        sa.Column("since", types.UtcDateTime(), nullable=False),
        sa.Column("seen_at", types.UtcDateTime(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    raise NotImplementedError("A register is never migrated backwards: restore it from a backup.")
