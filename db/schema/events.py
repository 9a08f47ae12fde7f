"""What was done in the store, by whom, chained; and the salt of the digests in it."""

import sqlalchemy as sa

from db.schema.columns import UTCDateTime, metadata, to

# Who did which verb when. Each row holds the digest of the row before, so what is changed or taken out in the middle is noticed;
# triggers refuse to change or delete any. `sign_in` and `project` are numbers that outlive what they name, so no foreign keys.
events = sa.Table(
    "events",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),  # 1, 2, 3 without a gap: db.store.record.events gives it
    sa.Column("at", UTCDateTime, nullable=False),
    to("person", "people", optional=True),  # null: the program itself
    sa.Column("sign_in", sa.Integer),
    sa.Column("address", sa.Text),
    sa.Column("verb", sa.Text, nullable=False),
    sa.Column("project", sa.Integer),
    sa.Column("outcome", sa.Text, nullable=False),  # done, refused
    sa.Column("subject", sa.JSON, nullable=False),  # what it was done to: names and numbers, no text and no level
    sa.Column("rows", sa.JSON, nullable=False),  # what changed, by table, as salted digests: db/chain/changes.py
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Index(None, "verb", "id"),
    sa.Index(None, "person", "id"),
)

# The one salt of the store: without it nobody finds a level by trying the few there are.
salts = sa.Table("salts", metadata, sa.Column("salt", sa.Text, primary_key=True))
