"""Kinds of wording that version 3 of the rubric reads of a signal: found under many ways of saying it, honest neighbours not.

Every task and text is invented. Each level is what the rubric's words give it; the comment over a list says why.
"""

import pytest

from tests.support.kinds_of_wording import NAMED, SIGNAL, findings, level, wrong


# 6 open roles, maturity 1: specific and true, plainly said at medium confidence is level 2.
@pytest.mark.parametrize("task", ["split", "plain"])
def test_a_true_value_is_found_in_other_words(task):
    texts = [
        "With your AI maturity score being at 1, help may be welcome.",
        "Your AI maturity score is currently at 1.",
        "Your AI maturity currently sits at level 1.",
        "We read your AI maturity as 1.",
        "You score 1 on AI maturity.",
        "AI maturity: 1.",
        "Your maturity score of one leaves room.",
        "Open roles moved from 4 to 6 this month.",
        "Your openings went up to 6.",
        "Open roles are up to six from four.",
        "The board shows six openings, up from four.",
        "Your open roles climbed to 6 in a month.",
        "Open positions have gone from 4 to 6.",
        "Open roles stand at 6.",
        "There are 6 open infra roles on your page.",
        "Six roles open at Larkspur Robotics.",
        "6 unfilled senior engineering positions is a lot.",
        "Your careers page lists six engineering vacancies.",
        "The number of open roles is now 6.",
        "Larkspur Robotics has 6 engineering roles open.",
        "Larkspur Robotics is hiring for six roles.",
        "Your team is hiring 6 engineers.",
    ]
    assert wrong(SIGNAL, 2, texts, task=task) == []


# No count by kind is told, so the stack named beside the number of roles is no other number.
def test_a_stack_beside_the_number_of_roles_does_not_make_it_another_number():
    texts = [
        "You have 6 open Python roles.",
        "Six data roles open at Larkspur Robotics and no movement since.",
        "You carry 6 backend openings.",
        "Larkspur Robotics is looking for 6 DevOps engineers.",
        "Six Go positions sit unfilled.",
        "6 frontend seats are open.",
        "Six machine learning roles are posted.",
        "6 full-stack positions stay open.",
    ]
    assert wrong(SIGNAL, 2, texts, task="plain") == []
    assert wrong(SIGNAL, 0, ["You have 9 open Python roles.", "Nine data roles are open."], task="plain") == []
    # Two Python roles are told of six: six of them is another number.
    assert level("You have 6 open Python roles.", SIGNAL, "split") in (0, 1)


def test_a_round_written_as_one_word_is_the_round():
    assert level("You closed your series_a.", SIGNAL, "round") == 2
    assert level("You closed your series_b.", SIGNAL, "round") == 0
    assert level("You closed your series_a.", SIGNAL, "plain") == 0


# A wrong value of the later number, not of the earlier one.
def test_of_a_change_the_later_value_counts():
    assert wrong(SIGNAL, 0, ["Open roles moved from 6 to 9.", "Openings went from 6 to 4.", "You list 9 roles, up from 6."]) == []


# None of these numbers is a claim about the prospect: they are silent (0, or 1 with the name), and nothing is said to differ.
def test_numbers_of_something_else_are_not_compared_with_the_task():
    texts = [
        "The whole engagement costs $900,000.",
        "Our engineers are $90 an hour.",
        "The package is $45,000 a month for 3 engineers.",
        "We take 20% off for a year.",
        "We can build you a team of 30 ML engineers.",
        "We could send a 30-person ML team.",
        "We have 8 engineers in your time zone.",
        "You asked for 3 Rust engineers.",
        "We filled 14 roles for an insurer last year.",
        "Our team of 200 people covers most stacks.",
        "We helped another company close 12 open roles.",
        "You mentioned needing 3 people.",
        "The count is the same as 60 days ago.",
        "We cut time to hire by 30%.",
    ]
    for task in ("split", "round"):
        for text in texts:
            assert [each for each in findings(text, SIGNAL, task) if each[2]] == [], text
            assert level(text, SIGNAL, task) == 0, text


def test_what_the_prospect_has_is_compared_beside_our_numbers_and_the_threads():
    assert wrong(SIGNAL, 2, ["You have 6 open roles; we have 3 engineers free at $90 an hour."]) == []
    assert wrong(SIGNAL, 0, ["You have 9 open roles; we have 6 engineers free at $90 an hour."]) == []
    assert wrong(SIGNAL, 2, ["You asked for 3 Rust engineers, and your 6 open roles tell why."]) == []


GROWTH = [
    "Larkspur Robotics is rapidly growing its platform group.",
    "I see that Larkspur Robotics is growing fast.",
    "As you expand your staff aggressively, Larkspur Robotics needs people.",
    "Larkspur Robotics is on a hiring spree.",
    "Larkspur Robotics is expanding at an impressive pace.",
    "Larkspur Robotics is clearly growing.",
    "With hypergrowth at Larkspur Robotics, hiring is hard.",
    "Larkspur Robotics is scaling quickly.",
    "Larkspur Robotics keeps hiring aggressively.",
    "The explosive growth of Larkspur Robotics needs people.",
]


# Growth without a number is no specific signal (1), unless the task contradicts it (0).
def test_growth_that_the_task_contradicts_is_a_wrong_signal():
    assert wrong(SIGNAL, 1, GROWTH, task="plain") == []
    for task in ("idle", "one", "cut", "sized"):
        assert wrong(SIGNAL, 0, GROWTH, task=task) == [], task
    honest = [
        "Many teams like Larkspur Robotics grow fast at some point.",
        "Is Larkspur Robotics growing fast?",
        "If Larkspur Robotics is growing, we can help.",
        "Larkspur Robotics is not hiring fast.",
        "We help Larkspur Robotics scale quickly.",
    ]
    assert wrong(SIGNAL, 1, honest, task="cut") == []


# The task has no round: a claim of one is a wrong signal. Where the task has one, it is a true one without its value.
def test_a_round_that_the_task_does_not_have_is_a_wrong_signal():
    texts = [
        "Congratulations on the recent raise at Larkspur Robotics.",
        "Larkspur Robotics just closed a funding round.",
        "Your recent funding puts Larkspur Robotics in a good place.",
        "After its latest raise, Larkspur Robotics will hire.",
        "Larkspur Robotics recently secured new capital.",
        "Larkspur Robotics has raised a big round.",
        "Larkspur Robotics landed fresh funding.",
        "With new investment, Larkspur Robotics can hire.",
    ]
    named = [
        "Larkspur Robotics recently raised a Series B.",
        "Post-Series B, Larkspur Robotics must hire.",
        "Larkspur Robotics raised $20M.",
        "Congrats on the Seed round, Larkspur Robotics.",
    ]
    assert wrong(SIGNAL, 0, texts + named, task="plain") == []
    assert wrong(SIGNAL, 2, texts, task="round") == []
    assert wrong(SIGNAL, 0, named, task="round") == []
    honest = [
        "Larkspur Robotics has no recent round that I know of.",
        "We help companies after a recent raise, and Larkspur Robotics may be next.",
        "Your funding history at Larkspur Robotics is your own business.",
    ]
    assert wrong(SIGNAL, 1, honest, task="plain") == []


# "Layoff signal: yes." is a layoff; "none" is none.
def test_a_layoff_is_true_where_the_task_says_yes():
    texts = [
        "The recent layoffs at Larkspur Robotics must weigh on you.",
        "Larkspur Robotics went through a headcount reduction, your layoffs were in the news.",
        "You recently let people go at Larkspur Robotics.",
        "After the restructuring at Larkspur Robotics, work piles up.",
        "You laid people off at Larkspur Robotics.",
        "Your downsizing at Larkspur Robotics leaves gaps.",
    ]
    assert wrong(SIGNAL, 2, texts, task="cut") == []
    assert wrong(SIGNAL, 2, texts, task="sized") == []
    assert wrong(SIGNAL, 0, texts, task="plain") == []
    vague = [
        "Larkspur Robotics has seen some changes.",
        "Larkspur Robotics faced challenges.",
        "Layoffs elsewhere miss Larkspur Robotics.",
    ]
    assert wrong(SIGNAL, 1, vague, task="cut") == []


# Roles and the maturity score without their value are true signals (2); their opposite is a wrong one.
def test_a_signal_named_without_its_value_is_vague_and_true():
    roles = [
        "Larkspur Robotics has several open roles.",
        "I saw that Larkspur Robotics is hiring for a few engineering roles.",
        "Your open engineering roles caught my eye, Larkspur Robotics.",
        "Larkspur Robotics lists multiple engineering positions.",
        "Larkspur Robotics is recruiting across various engineering roles.",
        "There are a number of vacancies at Larkspur Robotics.",
    ]
    score = [
        "The AI maturity score of Larkspur Robotics? Your AI maturity score leaves a gap, it is plain.",
        "Your AI maturity score leaves a gap, Larkspur Robotics.",
        "Larkspur Robotics's AI maturity leaves room.",
    ]
    assert wrong(SIGNAL, 2, [*roles, *score[1:]], task="plain") == []
    assert wrong(SIGNAL, 0, roles, task="idle") == []
    assert wrong(SIGNAL, 0, score[1:2], task="top") == []
    assert wrong(NAMED, 1, roles, task="plain") == []
    assert wrong(NAMED, 2, score[1:], task="plain") == []
    honest = [
        "We fill many roles, Larkspur Robotics.",
        "AI maturity matters, Larkspur Robotics.",
        "Larkspur Robotics plays a role.",
    ]
    assert wrong(SIGNAL, 1, honest, task="plain") == []


HEDGED = [
    "You list 6 open roles, but outside evidence is limited.",
    "You may have 6 open roles.",
    "I could be wrong, but I count 6 open roles.",
    "We might be misreading this: 6 open roles.",
    "If I read your page correctly, you have 6 open roles.",
    "Judging from public data, you list 6 open roles.",
    "You have 6 open roles, as far as I can tell.",
    "You have 6 open roles, if our data is still current.",
    "You seem to have 6 open roles.",
    "Apparently you have 6 open roles.",
    "Correct me if I'm wrong: you have 6 open roles.",
    "You list 6 open roles, though we only have partial information.",
    "There might be 6 open roles on your side.",
    "I'm not sure this is current, and I see 6 open roles.",
]


def test_hedges_are_seen_in_other_words():
    assert wrong(SIGNAL, 3, HEDGED) == []
    plain = [
        "You have 6 open roles, which may be a lot to fill.",
        "You have 6 open roles and might enjoy a rest.",
        "Six open roles might seem manageable.",
        "You have 6 open roles. Public evidence is limited on most things.",
        "Your 6 open roles show strong growth. Are you scaling?",
    ]
    assert wrong(SIGNAL, 2, plain) == []
    assert wrong(SIGNAL, 3, ["You have 6 open roles."], task="sure") == []
