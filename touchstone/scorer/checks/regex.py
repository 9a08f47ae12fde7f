"""`extends: regex`: any of a list of patterns, with holes for numbers and amounts."""

from touchstone.scorer.checks.template import TemplateCheck


class RegexCheck(TemplateCheck):
    finds_addresses = True
