"""lists of a million."""

import sqlalchemy as sa
from alembic import op

from registry import types

revision = "0005"
down_revision = "0007"
branch_labels = None
depends_on = None

LISTED = [
    "is_open", "due_hard", "id", "queue", "reply_owner", "executor_id", "state", "topic_code", "channel", "segment",
    "is_vip", "restricted", "received_at",
]  # fmt: skip
# What was answered is looked at five days later, as if the register had always told when (registry/lifecycle.py).
SETTLE_SQLITE = (
    "UPDATE appeal SET settle_at = strftime('%Y-%m-%d %H:%M:%S.000000', replied_at, '+5 days') WHERE state = 'replied'"
)
SETTLE_POSTGRESQL = "UPDATE appeal SET settle_at = replied_at + interval '5 days' WHERE state = 'replied'"


def upgrade() -> None:
    op.create_table(
        "feed_pending",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_feed_pending_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_feed_pending")),
    )
    op.execute(
        "INSERT INTO feed_pending (event_id) SELECT event.id FROM event "
        "LEFT JOIN feed ON feed.event_id = event.id WHERE feed.event_id IS NULL"
    )
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("settle_at", types.UtcDateTime(timezone=True), nullable=True))
    for name in ("ix_appeal_queue_due", "ix_appeal_owner_due", "ix_appeal_open_due"):
        op.drop_index(name, "appeal")
    op.create_index("ix_appeal_list", "appeal", LISTED)
    op.execute(SETTLE_SQLITE if op.get_bind().dialect.name == "sqlite" else SETTLE_POSTGRESQL)
    settling = sa.text("settle_at IS NOT NULL")
    op.create_index("ix_appeal_settle", "appeal", ["settle_at"], sqlite_where=settling, postgresql_where=settling)


def downgrade() -> None:
    raise NotImplementedError("A register is never migrated backwards: restore it from a backup.")
