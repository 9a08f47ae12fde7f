"""A benchmark that proves itself: its tasks made, held apart and sealed."""
