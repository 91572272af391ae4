"""sent again: to which sending that did not arrive another address belongs."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("dispatch", schema=None) as batch_op:
        batch_op.add_column(sa.Column("resent_of", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_dispatch_resent_of"), "dispatch", ["resent_of"], ["id"])


def downgrade() -> None:
    raise NotImplementedError("A register is never migrated backwards: restore it from a backup.")
