"""The scorer's ground: text as it is matched, patterns made of phrases, the engine that runs them.

Not joined to rubric files yet: a rubric's `checks` stay empty until they can be read and run.
"""
