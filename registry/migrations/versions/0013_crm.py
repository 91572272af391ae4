"""crm: how far the changes of a CRM are in the register."""

import sqlalchemy as sa
from alembic import op

from registry import types

revision = "0013"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "crm_cursor",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=400), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_crm_cursor")),
    )


def downgrade() -> None:
    raise NotImplementedError("A register is never migrated backwards: restore it from a backup.")
