"""Whether a release holds, from its folder alone."""
