"""what a letter on paper brings besides its words: envelope, dates, enclosures, acts, post that is returned."""

import sqlalchemy as sa
from alembic import op

from registry import types

revision = "0029"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("arrival", sa.Column("sealed", sa.String(length=16), nullable=True))
    op.add_column("page", sa.Column("kind", sa.String(length=16), nullable=False, server_default="letter"))
    op.add_column("page_edit", sa.Column("kind", sa.String(length=16), nullable=True))
    _paper()
    _enclosures()
    _acts()
    _returned()


def _paper() -> None:
    op.create_table(
        "paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("seen", types.Json(), nullable=False),
        sa.Column("tracking", sa.String(length=14), nullable=True),
        sa.Column("sealed", sa.String(length=16), nullable=True),
        sa.Column("sealed_for", sa.Text(), nullable=True),
        sa.Column("handed_on", sa.Date(), nullable=True),
        sa.Column("handed_to", sa.Text(), nullable=True),
        sa.Column("handed_by", sa.String(length=80), nullable=True),
        sa.Column("opened_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("opened_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_paper_appeal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint("appeal_id", name=op.f("uq_paper_appeal_id")),
    )
    op.create_index("ix_paper_tracking", "paper", ["tracking"])
    op.create_index("ix_paper_sealed", "paper", ["sealed", "id"])


def _enclosures() -> None:
    op.create_table(
        "paper_enclosure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sheets", sa.Integer(), nullable=True),
        sa.Column("original", sa.Boolean(), nullable=False),
        sa.Column("lacking", sa.Boolean(), nullable=False),
        sa.Column("give_back", sa.Boolean(), nullable=False),
        sa.Column("give_back_by", sa.Date(), nullable=True),
        sa.Column("given_back_on", sa.Date(), nullable=True),
        sa.Column("given_back_how", sa.String(length=16), nullable=True),
        sa.Column("given_back_to", sa.Text(), nullable=True),
        sa.Column("given_back_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_paper_enclosure_appeal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_enclosure")),
        sa.UniqueConstraint("appeal_id", "ordinal", name=op.f("uq_paper_enclosure_appeal_id_ordinal")),
    )
    op.create_index("ix_paper_enclosure_owed", "paper_enclosure", ["give_back", "given_back_on", "give_back_by"])


def _acts() -> None:
    op.create_table(
        "paper_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("rows", types.Json(), nullable=False),
        sa.Column("docx_digest", sa.String(length=64), nullable=True),
        sa.Column("pdf_digest", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_paper_act_appeal_id")),
        sa.ForeignKeyConstraint(["docx_digest"], ["blob.digest"], name=op.f("fk_paper_act_docx_digest")),
        sa.ForeignKeyConstraint(["pdf_digest"], ["blob.digest"], name=op.f("fk_paper_act_pdf_digest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_act")),
        sa.UniqueConstraint("year", "seq", name=op.f("uq_paper_act_year_seq")),
    )
    op.create_index("ix_paper_act_appeal", "paper_act", ["appeal_id"])


def _returned() -> None:
    op.create_table(
        "returned_post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("came_on", sa.Date(), nullable=False),
        sa.Column("addressee", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=True),
        sa.Column("tracking", sa.String(length=14), nullable=True),
        sa.Column("why", sa.String(length=24), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("noted_by", sa.String(length=80), nullable=False),
        sa.Column("noted_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("returned_how", sa.Text(), nullable=True),
        sa.Column("returned_by", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returned_post")),
    )
    op.create_index("ix_returned_post_open", "returned_post", ["returned_on", "id"])


def downgrade() -> None:
    raise NotImplementedError("A register is never migrated backwards: restore it from a backup.")
