"""Projects: made, listed, chosen, mended, archived, deleted; and which of them a verb acts on."""
