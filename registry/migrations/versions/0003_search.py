"""search."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_slip",
        sa.Column("slip", sa.String(length=64), nullable=False),
        sa.Column("word", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("slip", "word", name=op.f("pk_search_slip")),
    )
    # What an appeal is found by. One row an appeal, kept by registry/search alone; no model, for its type is the
    # database's own: FTS5 there, tsvector here.
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_text USING fts5(tokens, detail=none, tokenize='unicode61 remove_diacritics 0')"
        )
    else:
        op.execute("CREATE TABLE search_text (appeal_id integer PRIMARY KEY, tokens tsvector NOT NULL)")
        op.execute("ALTER TABLE search_text ALTER COLUMN tokens SET STATISTICS 1000")
        op.execute("CREATE INDEX ix_search_text_tokens ON search_text USING gin (tokens) WITH (fastupdate = off)")


def downgrade() -> None:
    raise NotImplementedError("A register is never migrated backwards: restore it from a backup.")
