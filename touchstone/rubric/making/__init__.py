"""A rubric that is new: from a template, a pasted text or nothing, as a file that a person can read and go on with by hand."""
