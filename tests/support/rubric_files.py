"""Versions of the sample's rubric, as files in a folder of the test's own (the fixture rubric_folder)."""

from workflow.rubric import rubrics

ONE, TWO, THREE = (f"tenacious-v{number}" for number in (1, 2, 3))


def version(number: int, *changes: tuple[str, str], name: str = "tenacious") -> str:
    """The first version with these words changed, as a file of its own."""
    text = (rubrics.FOLDER / f"{ONE}.yml").read_text("utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    text = text.replace("\nversion: 1\n", f"\nversion: {number}\n").replace("\nrubric: tenacious\n", f"\nrubric: {name}\n")
    (rubrics.FOLDER / f"{name}-v{number}.yml").write_text(text, "utf-8")
    return f"{name}-v{number}"
