"""Kinds of wording of signals, tone, capacity and details in mails of other voices, under version 3 of the rubric.

Every text is invented; each level is what the rubric's words give it, and its honest neighbours keep theirs.
"""

from tests.support.kinds_of_wording import CAPACITY, NAMED, SIGNAL, TONE, wrong


def test_the_tone_of_slogans_is_that_of_a_template():
    texts = [
        "Great question!!",
        "Wow. Six roles is a lot.",
        "Let's gooo.",
        "Hey hey, six roles it is.",
        "You are growing like crazy.",
        "Larkspur Robotics is on a roll.",
        "Love what you're building.",
        "We ask what keeps you up at night.",
        "- Faster: squads in 7 days\n- Cheaper: below local rates",
        "Our proven framework does it.",
        "Grab them while you can.",
        "Buy two, get one.",
        "Teams who decline tend to regret it.",
        "Order now for a discount.",
        "- Week 1: engineers start\n- Week 2: go live",
    ]
    assert wrong(TONE, 1, texts) == []
    honest = [
        "Great question!",
        "We built it in a week, faster than planned.",
        "Your build is faster: it takes a minute.",
        "Crazy deadlines help nobody.",
        "We keep what you built.",
        "Week 1 is for reading code.",
        "Dear Madam, we place engineers.",
        "No discount here.",
    ]
    assert wrong(TONE, 2, honest) == []


# Who denies the task's layoff, or tells of growth, names no true signal.
def test_a_layoff_denied_is_a_claim_that_the_task_does_not_have():
    texts = [
        "We hear that no reduction in force has taken place.",
        "Not a single seat lost all year.",
        "Larkspur Robotics had zero layoffs.",
        "Larkspur Robotics is on a remarkable trajectory.",
    ]
    assert wrong(SIGNAL, 0, texts, task="cut") == []
    assert wrong(SIGNAL, 2, ["I read about the layoffs, and no more layoffs since."], task="cut") == []


def test_the_cut_in_other_words_is_its_number():
    texts = [
        "Letting 12% go is rough.",
        "You let about 12% go in November.",
        "You appear to have reduced headcount by about 12%.",
        "You shrank your team by roughly 12%.",
    ]
    levels = [wrong(SIGNAL, right, [text], task="sized") for text, right in zip(texts, (2, 2, 3, 2), strict=True)]
    assert levels == [[], [], [], []]
    assert wrong(SIGNAL, 0, ["You let about 40% go.", "Letting 12 people in is easy."], task="sized") == []


# Numbers that are the sender's, the thread's or of something else say nothing of the company.
def test_other_numbers_are_no_signal():
    texts = [
        "Three DevOps engineers will start in May.",
        "Subject: Re: 3 DevOps\n\nThank you for the note.",
        "We have a satisfaction score of 94%.",
        "Our net promoter score is 1.",
    ]
    assert wrong(SIGNAL, 0, texts) == []


def test_a_question_that_wants_no_answer_is_no_question_on_the_signal():
    assert wrong(SIGNAL, 2, ["What if your 6 open roles vanished?", "Ready to fill your 6 open roles?"]) == []
    assert wrong(SIGNAL, 3, ["Are your 6 open roles still current?"]) == []
    hedged = ["My reading, which may be off: you list 6 open roles.", "Your open roles seem to sit at 6."]
    assert wrong(SIGNAL, 3, hedged) == []


def test_a_crowd_that_stands_by_is_a_promise():
    texts = [
        "Our squads of one hundred plus engineers are standing by.",
        "We know 40 engineers, and 20 of them could be yours by the weekend.",
    ]
    assert wrong(CAPACITY, 0, texts) == []
    assert wrong(CAPACITY, 2, ["Your squads of one hundred engineers stand out.", "Six of them could use a rest."]) == []


def test_an_inference_in_other_words():
    told = "Larkspur Robotics lists 6 open roles at a maturity score of 1"
    said = [", which means a choice.", ", and that means one thing.", ", so there is work.", ", so I presume it waits."]
    assert wrong(NAMED, 3, [told + each for each in said], task="plain") == []
    unsaid = [", so there is no hurry.", ", so we write.", ", by all means."]
    assert wrong(NAMED, 2, [told + each for each in unsaid], task="plain") == []
