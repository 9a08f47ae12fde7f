"""The kinds of checks that a rubric may extend, a class and a module each."""
