"""Numbers and lists in sentences."""

from touchstone.english import listed, many


def test_one_is_singular_and_everything_else_plural():
    assert [many(number, "draft") for number in (0, 1, 2, 1200)] == ["0 drafts", "1 draft", "2 drafts", "1,200 drafts"]


def test_an_odd_plural_is_given_by_name():
    assert [many(1, "person", "people"), many(2, "person", "people")] == ["1 person", "2 people"]


def test_the_last_of_a_list_is_joined_by_and():
    assert [listed([]), listed(["a"]), listed(["a", "b"]), listed(("a", "b", "c"))] == ["", "a", "a and b", "a, b and c"]
