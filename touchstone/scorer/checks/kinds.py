"""The kinds of checks that a rubric may extend, a class and a module each."""

from collections.abc import Mapping

from touchstone.scorer.checks.compiled_check import CompiledCheck
from touchstone.scorer.checks.fact import FactCheck
from touchstone.scorer.checks.length import LengthCheck
from touchstone.scorer.checks.phrase import PhraseCheck
from touchstone.scorer.checks.regex import RegexCheck
from touchstone.scorer.checks.token import TokenCheck

CHECK_KINDS: Mapping[str, type[CompiledCheck]] = {
    "phrase": PhraseCheck,
    "regex": RegexCheck,
    "token": TokenCheck,
    "length": LengthCheck,
    "fact": FactCheck,
}
