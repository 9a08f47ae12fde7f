"""What only people know of a release: the open questions of its datasheet, after Gebru et al. 2021, "Datasheets for Datasets"
(Communications of the ACM 64 (12): 86-92). Nothing is made up where nobody answered: the page says that the question is open."""

from collections.abc import Mapping
from typing import NamedTuple

MOST_LETTERS = 5_000  # of an answer


class DatasheetQuestion(NamedTuple):
    """`key`: what an answer is kept under; `short`: its name on a form; `section`: where the datasheet has it."""

    key: str
    short: str
    section: str
    text: str


MOTIVATION, COMPOSITION, COLLECTION, USES = "Motivation", "Composition", "Collection and labelling", "Uses"
DISTRIBUTION, MAINTENANCE = "Distribution", "Maintenance"
SECTIONS = (MOTIVATION, COMPOSITION, COLLECTION, USES, DISTRIBUTION, MAINTENANCE)
QUESTIONS = (
    DatasheetQuestion("purpose", "Purpose", MOTIVATION, "For what purpose was this made?"),
    DatasheetQuestion("creators", "Creators", MOTIVATION, "Who made it, and for whom? A name a line."),
    DatasheetQuestion("funding", "Funding", MOTIVATION, "Who paid for it?"),
    DatasheetQuestion("texts", "Where the texts come from", COMPOSITION, "Where do tasks and drafts come from; who wrote them?"),
    DatasheetQuestion("personal", "Personal data", COMPOSITION, "Can people be identified in the texts? What was done about it?"),
    DatasheetQuestion("harm", "Texts that may offend", COMPOSITION, "Is there anything in the texts that may offend or harm?"),
    DatasheetQuestion("annotators", "Who labelled", COLLECTION, "Who were the annotators: their knowledge, training and pay?"),
    DatasheetQuestion("consent", "Consent", COLLECTION, "Did those whose texts these are, and those who labelled, agree to it?"),
    DatasheetQuestion("ethics", "Ethical review", COLLECTION, "Was it reviewed by an ethics board?"),
    DatasheetQuestion("uses", "Meant uses", USES, "What is it meant to be used for?"),
    DatasheetQuestion("not_for", "Not to be used for", USES, "What should it not be used for, and why?"),
    DatasheetQuestion("licence", "Licence", DISTRIBUTION, "Under which licence is it given out? An SPDX name, as CC-BY-4.0."),
    DatasheetQuestion("address", "Address", DISTRIBUTION, "Where is it published? A web address."),
    DatasheetQuestion("maintainer", "Maintainer", MAINTENANCE, "Who looks after it, and how are they reached?"),
    DatasheetQuestion("errors", "Errors found later", MAINTENANCE, "How are errors reported, and how will they be mended?"),
)
BY_KEY: Mapping[str, DatasheetQuestion] = {each.key: each for each in QUESTIONS}


def open_questions(answers: Mapping[str, str]) -> list[DatasheetQuestion]:
    """Those that nobody answered."""
    return [each for each in QUESTIONS if not answers.get(each.key, "").strip()]


def creators(answers: Mapping[str, str]) -> list[str]:
    """Those named as makers, one a line of the answer."""
    return [" ".join(line.split()) for line in answers.get("creators", "").splitlines() if line.strip()]
