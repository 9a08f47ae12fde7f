"""Within a round: slices of its drafts, drift, and each annotator against the others."""
