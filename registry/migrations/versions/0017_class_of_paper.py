"""The class of paper that the reading found, and who confirmed it."""

import sqlalchemy as sa
from alembic import op

from registry import types

revision = "0017"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("appeal") as batch_op:
        batch_op.add_column(sa.Column("found_class", types.Json(), nullable=True))
        batch_op.add_column(sa.Column("found_class_by", sa.String(length=80), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("A register is never migrated backwards: restore it from a backup.")
