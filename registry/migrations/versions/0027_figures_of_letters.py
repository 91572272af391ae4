"""Readings of meters, sums and periods that the reading found in a letter, each with its place in the text."""

import sqlalchemy as sa
from alembic import op

from registry import types

revision = "0027"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("appeal") as batch_op:
        batch_op.add_column(sa.Column("figures", types.Json(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("A register is never migrated backwards: restore it from a backup.")
