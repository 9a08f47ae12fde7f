"""Other names: the same for the same each time, found whole, telling nothing without the salt."""

import time

from hypothesis import given
from hypothesis import strategies as st

from touchstone.bench.pseudonyms.replacing import Pseudonyms, left_over

NAMES = ["Tidewrack Freight", "Lucía", "Éon"]
TEXT = (
    "Hi Lucia, I saw Tidewrack  Freight (TIDEWRACK FREIGHT's site www.tidewrack.com/jobs, mail jo.doe@tidewrack.com) on "
    "2026-12-01. They raised $14 000 000. Tidewrack called +44 20 7946 0958. Éon, too. Tidewracks is another firm."
)


def test_every_name_address_and_number_is_replaced_and_nothing_else():
    found = Pseudonyms(b"salt", NAMES).rename(TEXT)
    assert [(each.kind, each.was) for each in found.replacements] == [
        ("name", "Lucia"),
        ("name", "Tidewrack  Freight"),
        ("name", "TIDEWRACK FREIGHT"),
        ("link", "www.tidewrack.com/jobs"),
        ("mail address", "jo.doe@tidewrack.com"),
        ("name", "Tidewrack"),
        ("telephone number", "+44 20 7946 0958"),
        ("name", "Éon"),
    ]
    assert "2026-12-01" in found.text and "$14 000 000" in found.text and "Tidewracks" in found.text
    assert all(TEXT[each.start : each.end] == each.was for each in found.replacements)


def test_the_same_name_is_the_same_pseudonym_in_every_text_and_in_short():
    first, other = Pseudonyms(b"salt", NAMES), Pseudonyms(b"salt", reversed(NAMES))
    (one,) = first.rename("Tidewrack Freight").replacements
    (again,) = other.rename("so tidewrack freight it is").replacements
    (short,) = other.rename("so Tidewrack it is").replacements
    assert one.now == again.now and short.now == one.now.split()[0]
    (elsewhere,) = Pseudonyms(b"another salt", NAMES).rename("Tidewrack Freight").replacements
    assert elsewhere.now != one.now


def test_what_nobody_replaced_is_named_for_a_person_to_look_at():
    found = Pseudonyms(b"salt", NAMES).rename("Hi Lucia, this is Bob of Marlow House. We know Tidewrack Freight.")
    assert left_over(found.text, found.replacements) == ["Bob", "Marlow House"]


def test_a_json_value_is_renamed_in_all_its_texts_and_keeps_its_keys():
    made, changed = Pseudonyms(b"salt", NAMES).rename_all({"Lucía": ["hello Lucía", 3, None, {"a": True}]})
    assert list(made) == ["Lucía"] and made["Lucía"][1:] == [3, None, {"a": True}] and len(changed) == 1


@given(st.lists(st.text(max_size=30), max_size=5), st.text(max_size=300))
def test_no_name_of_the_dictionary_is_left_whole_and_no_text_is_lost(names, text):
    pseudonyms = Pseudonyms(b"salt", names)
    found = pseudonyms.rename(text)
    at, rest = 0, []
    for each in found.replacements:
        assert each.start >= at
        rest.append(text[at : each.start])
        at = each.end
    rest.append(text[at:])
    now = [*(each.now for each in found.replacements), ""]
    assert found.text == "".join(part for pair in zip(rest, now, strict=True) for part in pair)


def test_long_texts_of_the_worst_kind_take_little_time():
    begun = time.process_time()
    Pseudonyms(b"salt", NAMES).rename("a." * 10_000 + "1 " * 10_000 + "Ab " * 10_000)
    assert time.process_time() - begun < 5
