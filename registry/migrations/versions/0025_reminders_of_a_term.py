"""reminders of a term by the ladders of the rules: open appeals are looked at once, at the next watch."""

import sqlalchemy as sa
from alembic import op

from registry import types

revision = "0025"
down_revision = "0019"
branch_labels = None
depends_on = None

REMINDER = sa.text("kind = 'appeal.reminded'")
CLIMBING = sa.text("rung_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("appeal", sa.Column("rung_at", types.UtcDateTime(timezone=True), nullable=True))
    op.add_column("appeal", sa.Column("escalation", types.Json(), nullable=True))
    op.execute("UPDATE appeal SET rung_at = registered_at WHERE is_open")
    op.create_index("ix_appeal_rung", "appeal", ["rung_at"], sqlite_where=CLIMBING, postgresql_where=CLIMBING)
    op.create_index("ix_event_reminded", "event", ["at"], sqlite_where=REMINDER, postgresql_where=REMINDER)


def downgrade() -> None:
    raise NotImplementedError("A register is never migrated backwards: restore it from a backup.")
