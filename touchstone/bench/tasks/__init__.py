"""A typed task: what a task says, in parts that a program can vary, compare and count."""

from touchstone.bench.tasks.typed import TypedTask, WrongTask

__all__ = ["TypedTask", "WrongTask"]
