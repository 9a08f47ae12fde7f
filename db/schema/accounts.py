"""Accounts of the team mode: passwords, links to set one, and how often somebody tried. Of what signs in only digests."""

import sqlalchemy as sa

from db.schema.columns import UTCDateTime, id_, metadata, one_of, to

passwords = sa.Table(
    "passwords",
    metadata,
    to("person", key=True),
    sa.Column("hash", sa.Text, nullable=False),  # argon2id, with its salt and its parameters
    sa.Column("set_at", UTCDateTime, nullable=False),
)

# A link with which a person sets their password, once: the first (an invitation) or another (a reset).
invitations = sa.Table(
    "invitations",
    metadata,
    id_(),
    sa.Column("token_digest", sa.Text, nullable=False, unique=True),  # SHA-256: the token itself was shown once
    to("person"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("role", sa.Text),  # what the person was made with it; null of a reset
    to("project", optional=True),  # where; null of an admin
    to("made_by", "people"),
    sa.Column("made_at", UTCDateTime, nullable=False),
    sa.Column("ends_at", UTCDateTime, nullable=False),
    sa.Column("used_at", UTCDateTime),
    one_of("kind", "invitation", "reset"),
    one_of("role", "annotator", "lead", "admin"),
    sa.Index(None, "person"),
)

# Tries to sign in that came to nothing, by account or address (a digest of either). `until`: no further try before.
throttles = sa.Table(
    "throttles",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("until", UTCDateTime, nullable=False),
)

# Who somebody is to a provider of sign-ins: by issuer and subject, which are nobody else's, and never by an e-mail address.
identities = sa.Table(
    "identities",
    metadata,
    sa.Column("issuer", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),
    to("person"),
    sa.Column("linked_at", UTCDateTime, nullable=False),
    sa.Index(None, "person"),
)

# Sign-ins that are under way at a provider: minutes, each for one browser, gone when it comes back.
sign_in_attempts = sa.Table(
    "sign_in_attempts",
    metadata,
    sa.Column("state_digest", sa.Text, primary_key=True),
    sa.Column("browser_digest", sa.Text, nullable=False),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("session", sa.JSON, nullable=False),  # nonce and code verifier
    sa.Column("wanted", sa.Text, nullable=False),  # the address that opens then
    sa.Column("invitation", sa.Text, nullable=False),  # the digest of a link's token; "" without one
    sa.Column("started_at", UTCDateTime, nullable=False),
)
