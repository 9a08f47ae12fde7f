"""Spaces for tests, of a domain that is not the sample's: who repairs what in a bicycle shop."""

from touchstone.bench.space.enumerating import Enumerated
from touchstone.bench.space.reading import read_space

REPAIRS = """\
space: repairs
strength: 2
parameters:
  - {key: part, title: Part, values: [brake, chain, wheel]}
  - key: wear
    values:
      - {value: light, fills: {line: a scratch}}
      - {value: heavy, fills: {line: a crack}}
      - {value: none, fills: {line: nothing}}
  - {key: days, values: [2, 9]}
  - {key: rider, values: [courier, commuter]}
constraints:
  - {never: {part: chain, wear: none}, because: a chain always wears}
  - {when: {rider: courier}, then: {days: 2}, because: couriers do not wait}
drawn: {shop: [Spindle, Cog and Co, The Hub]}
cases:
  - {part: wheel, wear: heavy, days: 9, rider: commuter}
task:
  signals:
    - {field: report, if: {wear: [light, heavy]}, name: Seen, value: "{wear.line} on the {part}", age: "{days}"}
  states:
    - {field: workshop, value: "{shop} has the {part} in stock."}
  groups: {part: "{part}"}
  expected: {must_say_days: "{days}"}
"""


def space(text: str = REPAIRS) -> Enumerated:
    read = read_space(text.encode())
    assert read.enumerated is not None, read.problems
    return read.enumerated


def refused(text: str) -> list[str]:
    read = read_space(text.encode())
    assert read.enumerated is None
    return [str(each) for each in read.problems]
