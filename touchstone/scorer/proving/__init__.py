"""A rubric's checks held against its file: what keeps them from running, and the file's own examples."""
