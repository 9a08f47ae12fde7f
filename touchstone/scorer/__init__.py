"""The deterministic scorer: a rubric's checks over a draft, and a level per dimension with its reason.

    folding    a text as it is matched, with the way back to the text as it came
    parts      subject, body, and what is nobody's claim
    patterns   phrases and templates as RE2 patterns; numbers and amounts
    engine     RE2, the one place that compiles
    facts      typed values of a task
    matching   which check is met where
    scoring    the ordered lines that make a level of it
    proving    a file's own examples, held against its checks

It knows no dimension, phrase or field: those are in the rubric file.
"""
