"""learning."""

import sqlalchemy as sa
from alembic import op

from registry import types
from registry.appendonly import forbid_changes

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "learnt_model",
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("made_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("made", types.Json(), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["blob.digest"], name=op.f("fk_learnt_model_digest")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_learnt_model")),
    )
    op.create_table(
        "learning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("in_force", sa.String(length=64), nullable=True),
        sa.Column("before", sa.String(length=64), nullable=True),
        sa.Column("data", sa.String(length=64), nullable=False),
        sa.Column("figures", types.Json(), nullable=False),
        sa.Column("drift", types.Json(), nullable=False),
        sa.ForeignKeyConstraint(["in_force"], ["learnt_model.version"], name=op.f("fk_learning_in_force")),
        sa.ForeignKeyConstraint(["before"], ["learnt_model.version"], name=op.f("fk_learning_before")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning")),
    )
    forbid_changes("learning")


def downgrade() -> None:
    raise NotImplementedError("A register is never migrated backwards: restore it from a backup.")
