"""The deterministic scorer: a rubric's checks over a draft, and a level per dimension with its reason.

    folding       a text as it is matched, with the way back to the text as it came
    segments      subject, body, and what is nobody's claim
    numbers       numbers and amounts, as they are written and what they are worth
    patterns      phrases and templates as RE2 patterns
    regex         RE2, the one place that compiles
    facts/        typed values of a task, a class a kind
    draft         a draft made ready, and the hits in it
    checks/       a class a kind of check: what it looks for, where it is met
    retraction    what takes a hit back
    compiled      a rubric's checks, compiled once
    matching      which check is met where
    scoring       the ordered lines that make a level of it; `Scorer`, `score`
    proving/      a file's own examples, held against its checks
    loading       a file parsed and proven
    effect/       what a changed version would change

It knows no dimension, phrase or field: those are in the rubric file.
"""
