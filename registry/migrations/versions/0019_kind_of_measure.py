"""the kind of the measure that a complaint led to: figures need more than its words."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outcome") as batch:
        batch.add_column(sa.Column("measure_kind", sa.String(24), nullable=False, server_default="other"))


def downgrade() -> None:
    raise NotImplementedError("A register is never migrated backwards: restore it from a backup.")
