"""Who or what judges beside people: the gate, models, and people who choose between two drafts."""
