"""How a task came to be: one shape a method. The method is what tasks are counted by; no other field can say it."""

from typing import Annotated, Literal

import pydantic

from touchstone.bench.tasks.strict import Line, Strict, WordOrNumber

Digest = Annotated[pydantic.StrictStr, pydantic.StringConstraints(pattern=r"^[0-9a-f]{64}$")]
_A_DIGEST = "a SHA-256: 64 of the characters 0-9 and a-f"


class OfPerson(Strict):
    """Somebody wrote it."""

    method: Literal["written"] = pydantic.Field("written", description="the word written")
    by: Line | None = pydantic.Field(None, description="who wrote it, on one line")


class OfFile(Strict):
    """It came in a file that says no more; `said` is what the file calls its source, taken at its word by nobody."""

    method: Literal["imported"] = pydantic.Field("imported", description="the word imported")
    said: Line | None = pydantic.Field(None, description="what the file says of its source, on one line")


class OfSpace(Strict):
    """A row of a parameter space."""

    method: Literal["space"] = pydantic.Field("space", description="the word space")
    space: Line = pydantic.Field(description="the space's name")
    digest: Digest = pydantic.Field(description=_A_DIGEST)
    values: dict[Line, WordOrNumber] = pydantic.Field(description="an object: a value for each parameter")
    own: pydantic.StrictBool = pydantic.Field(False, description="true or false: the row was written by hand")


class OfDraft(Strict):
    """The task of a draft that failed in a closed round, under other names; the drafts themselves are told by digests."""

    method: Literal["drafts"] = pydantic.Field("drafts", description="the word drafts")
    trace: Digest = pydantic.Field(description=_A_DIGEST)
    failed: tuple[Line, ...] = pydantic.Field(description="a list of the dimensions it failed on", min_length=1)


class Model(Strict):
    """A model that was asked: its name, and the family that it says it is of."""

    model: Line = pydantic.Field(description="the model's name")
    family: Line = pydantic.Field(description="the family of the model")


class OfModels(Strict):
    """Two models of different families: one wrote it, the other let it pass."""

    method: Literal["synthesis"] = pydantic.Field("synthesis", description="the word synthesis")
    run: Line = pydantic.Field(description="the name of the run")
    generator: Model = pydantic.Field(description="an object with model and family")
    judge: Model = pydantic.Field(description="an object with model and family")
    prompt: Digest = pydantic.Field(description=_A_DIGEST)
    criteria: Digest = pydantic.Field(description=_A_DIGEST)

    @pydantic.model_validator(mode="after")
    def _of_two_families(self) -> "OfModels":
        if self.generator.family.casefold() == self.judge.family.casefold():
            raise ValueError(
                f"generator and judge are both of the family {self.judge.family}; a model that judges its own family's "
                "tasks lets more of them pass: name a judge of another family"
            )
        return self


class OfAdversary(Strict):
    """Somebody wrote a draft that the scorer gave another level than it deserves, and a second person said so blind."""

    method: Literal["adversarial"] = pydantic.Field("adversarial", description="the word adversarial")
    rubric: Line = pydantic.Field(description="the rubric version")
    dimension: Line = pydantic.Field(description="the dimension")
    deserved: WordOrNumber = pydantic.Field(description="the level that the draft deserves")
    scored: WordOrNumber = pydantic.Field(description="the level that the scorer gave")


Origin = Annotated[OfPerson | OfFile | OfSpace | OfDraft | OfModels | OfAdversary, pydantic.Field(discriminator="method")]
METHODS = ("written", "space", "drafts", "synthesis", "adversarial", "imported")
