"""verification of paper letters beside their scan."""

import sqlalchemy as sa
from alembic import op

from registry import types

revision = "0021"
down_revision = "0013"
branch_labels = None
depends_on = None

UNCHECKED = sa.text("verified_by IS NULL AND is_open")
DOUBTFUL = """
UPDATE appeal SET doubtful = true WHERE verified_by IS NULL AND is_open AND id IN (
    SELECT part.appeal_id FROM part
    JOIN document ON document.part_id = part.id JOIN page ON page.document_id = document.id
    WHERE part.state = 'registered' AND document.role = 'letter' AND page.needs_person
)
"""


def upgrade() -> None:
    op.add_column("appeal", sa.Column("doubtful", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(DOUBTFUL)
    op.drop_index("ix_appeal_unchecked", "appeal")
    op.create_index(
        "ix_appeal_unchecked", "appeal", ["doubtful", "id"], sqlite_where=UNCHECKED, postgresql_where=UNCHECKED
    )
    op.add_column("arrival", sa.Column("late_on", sa.Date(), nullable=True))
    op.create_table(
        "page_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("turned", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("by", sa.String(length=80), nullable=True),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_page_edit_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_edit")),
        sa.UniqueConstraint("document_id", "number", name=op.f("uq_page_edit_document_id_number")),
    )
    op.create_table(
        "checking",
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("until", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("put_off", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_checking_appeal_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_checking_person_id")),
        sa.PrimaryKeyConstraint("appeal_id", name=op.f("pk_checking")),
    )


def downgrade() -> None:
    raise NotImplementedError("A register is never migrated backwards: restore it from a backup.")
