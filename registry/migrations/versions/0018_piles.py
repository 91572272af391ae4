"""piles of the scanner."""

import sqlalchemy as sa
from alembic import op

from registry import types

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

UNCHECKED = sa.text("verified_by IS NULL AND is_open")


def upgrade() -> None:
    with op.batch_alter_table("arrival") as batch:
        batch.add_column(sa.Column("sheets_scanned", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("sheets", types.Json(), nullable=False, server_default="[]"))
    with op.batch_alter_table("part") as batch:
        batch.add_column(sa.Column("sheet_count", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_arrival_state", "arrival", ["state", "id"])
    op.create_index(
        "ix_appeal_unchecked", "appeal", ["channel", "id"], sqlite_where=UNCHECKED, postgresql_where=UNCHECKED
    )


def downgrade() -> None:
    raise NotImplementedError("A register is never migrated backwards: restore it from a backup.")
