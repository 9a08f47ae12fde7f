"""How far annotators agree, how sure that is, and what misleads in it."""
