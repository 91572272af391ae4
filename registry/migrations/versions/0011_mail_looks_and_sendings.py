"""mail: looks into mailboxes, and the moment a sending began."""

import sqlalchemy as sa
from alembic import op

from registry import types

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("dispatch") as table:
        table.add_column(sa.Column("begun_at", types.UtcDateTime(timezone=True), nullable=True))
    op.create_index("ix_dispatch_begun_at", "dispatch", ["begun_at"])
    op.create_index("ix_dispatch_address", "dispatch", ["address"])
    op.create_table(
        "mailbox",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("looked_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("tried_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("error", sa.String(length=400), nullable=True),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("strange", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mailbox")),
    )


def downgrade() -> None:
    raise NotImplementedError("A register is never migrated backwards: restore it from a backup.")
