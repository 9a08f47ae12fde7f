"""The figures of a judge in words, once for the page and the terminal."""

from collections.abc import Iterator

from touchstone.agreement.coefficient import Coefficient
from touchstone.agreement.figure import in_words, short, signed
from touchstone.english import many
from touchstone.judging.alt_test import AltTest
from touchstone.judging.pass_fail import PassFail
from touchstone.judging.population import PopulationMean
from touchstone.judging.report import MOST_LEFT_OUT, JudgeReport, OnePerson
from touchstone.judging.verdict_z import VerdictZ
from workflow.judging.against import JudgedDimension

Row = tuple[str, str, str]  # what is figured, the figure, what it says
AVERAGED = {"passing": "share that passes", "level": "mean level"}


def figures_of(report: JudgeReport) -> Iterator[Row]:
    """What stands beside the verdict."""
    kappa = Coefficient("kappa", report.weights).kind_first
    yield (f"{kappa} of the judge", in_words(report.judge), "with the mode of the others, on the units of each person")
    people = many(report.compared, "person", "people")
    yield (f"{kappa} of a person", in_words(report.person), f"with the same mode: the mean of {people}, one against the rest")
    yield ("difference", signed(report.difference), f"may be down to −{short(report.margin)}: this decides")
    for each in report.each_person if len(report.each_person) <= MOST_LEFT_OUT else ():
        yield (f"{kappa} of {each.name}", in_words(each.kappa), _of_person(each))
    if best := report.best_control:
        told = ", ".join(f"{name} {short(value)}" for name, value in report.controls.items())
        yield (f"over the best control ({best.name})", signed(best.over), f"the whole interval over 0: beaten. Kappas: {told}")
    yield ("alt-test", alt_test_in_words(report.alt_test), "beside, it does not decide: a constant can pass it")
    yield ("Judge’s Verdict z", *_z_in_words(report.verdict_z))
    among = report.among
    fleiss = Coefficient("fleiss", among.weights).spoken_of_all
    yield (f"inter-annotator {among.metric} alpha", in_words(among.alpha), f"{fleiss} {in_words(among.kappa)}")
    yield ("alpha with the judge for a person", signed(among.replacement), "more, or less, than among people (Krippendorff)")


def _of_person(person: OnePerson) -> str:
    told = f"with the mode of the others; the judge there {in_words(person.judge)}"
    if person.without.value is None:
        return told
    return f"{told}; without the labels of {person.name} the difference is {signed(person.without)}, which must hold as well"


def _z_in_words(found: VerdictZ) -> tuple[str, str]:
    if found.z is None or found.sd is None:
        return f"undefined: {found.reason}", "beside, it does not decide"
    spread = f"its kappa less a person’s, by the spread of {many(found.people, 'person', 'people')} ({short(found.sd)})"
    return short(found.z), f"{found.kind}: {spread}"


def alt_test_in_words(test: AltTest) -> str:
    """ "passed: omega .60 of 10 people, rho .82, epsilon .10; power .47"."""
    if test.omega is None or test.rho is None or test.power is None:
        return f"undefined: {test.reason}"
    told = f"omega {short(test.omega)} of {many(test.people, 'person', 'people')}, rho {short(test.rho)}"
    passed = "passed" if test.passes else "not passed"
    return f"{passed}: {told}, epsilon {short(test.epsilon)}; power for a judge as good as a person {short(test.power)}"


def pass_fail_of(found: PassFail) -> Iterator[Row]:
    """The figures at the cut."""
    tied = f"; {many(found.tied, 'unit')} of which half the people pass left out" if found.tied else ""
    yield ("AUC", in_words(found.auc), f"{found.passing:,} pass of {many(found.units, 'unit')}{tied}")
    base = "" if found.base is None else f"the share that passes alone: {short(found.base)}"
    yield ("Brier", in_words(found.brier), base)
    yield ("ECE", in_words(found.ece), "ten bins")
    half = next((each for each in found.risk if each.coverage == 0.5), None)
    if half:
        whole = short(found.risk[0].wrong)
        yield ("wrong in the surest half", short(half.wrong), f"of all units {whole}: risk-coverage, at a probability of .5")
    block = found.block
    at = "nothing is blocked" if block.threshold is None else f"blocked at or under {_threshold(block.threshold)}"
    where = f"{at}, the best F1 on {many(block.dev, 'unit')} of dev; on the {many(block.units, 'other unit')}"
    yield ("recall of what fails", in_words(block.recall), where)
    yield ("precision of what is blocked", in_words(block.precision), "the same")


def _threshold(at: float | str) -> str:
    return short(at) if isinstance(at, float) else str(at)


def population_of(dimension: JudgedDimension) -> Iterator[Row]:
    """What the judge adds about all its units; the judge alone never by itself."""
    for what, found in dimension.population.items():
        name = AVERAGED[what]
        yield (f"{name}, by PPI++", in_words(found.both), _ppi_in_words(found))
        yield (f"{name}, people alone", in_words(found.people), f"{many(found.labelled, 'unit')} with labels of people")
    if beside := dimension.corrected:
        known = ""
        if beside.sensitivity is not None and beside.specificity is not None:
            known = f"sensitivity {short(beside.sensitivity)}, specificity {short(beside.specificity)} "
            known += f"on {many(beside.labelled, 'unit')}; "
        told = (
            f"{known}of the {many(beside.judged, 'unit')} judged alone, if it errs there as often; beside, PPI++ is what is read"
        )
        yield ("share that passes, by Rogan and Gladen", in_words(beside.share), told)


def _ppi_in_words(found: PopulationMean) -> str:
    if found.part is None or found.judge is None:
        return f"{found.labelled:,} labelled, {found.judged:,} judged alone"
    worth = f"as sure as {many(round(found.worth * found.labelled), 'label')} of people" if found.worth else "no surer"
    alone = f"the judge alone says {short(found.judge)}, without an interval"
    return f"lambda {short(found.part)}, {many(found.judged, 'unit')} judged alone; {worth}; {alone}"
