"""Kinds of wording of tone, asks, capacity and details that version 3 of the rubric reads: many ways of saying it are found,
honest neighbours are not.

Every task and text is invented. Each level is what the rubric's words give it; the comment over a list says why.
"""

from tests.support.kinds_of_wording import ASK, ASKED, CAPACITY, NAMED, SIGNAL, TONE, findings, wrong


# More than the capacity shown, in the words of a builder; the same by the prospect, asked or refused is no promise.
def test_a_team_offered_beyond_the_capacity_is_a_promise():
    texts = [
        "We can build you a team of 30 ML engineers.",
        "We will assemble a 30-person ML team for you.",
        "We can spin up a squad of 12 Python engineers.",
        "Tenacious can field 15 engineers for this.",
        "We'll stand up a team of 20 developers.",
        "You'll get 10 ML engineers.",
        "We can scale your team with 12 Python engineers.",
        "We are ready to deploy 9 Python engineers.",
        "Ten Python engineers are available.",
        "We have 11 engineers available to join you.",
    ]
    assert wrong(CAPACITY, 0, texts) == []
    honest = [
        "We can build you a team of 3 ML engineers.",
        "You built a team of 30 ML engineers.",
        "We cannot build you a team of 30 ML engineers.",
        "Your 30-person ML team ships fast.",
        "You asked for 12 Python engineers.",
    ]
    assert wrong(CAPACITY, 2, honest) == []


# The thread asks for capacity. A no is an answer.
def test_saying_that_there_is_none_is_not_silence():
    texts = [
        "You asked for 3 Rust; we have none.",
        "Rust is not a stack we staff, so I would rather say so.",
        "We don't have Rust people at the moment.",
        "We cannot cover Rust this quarter.",
        "Nobody on our side writes Rust.",
        "We're out of Rust engineers until spring.",
        "Our Rust engineers are fully booked.",
        "None of our engineers works in Rust.",
        "We are unable to staff Rust.",
        "No Rust engineers free right now.",
    ]
    assert wrong(CAPACITY, 2, texts, thread=ASKED) == []
    silent = [
        "Thanks for the note. Would a call help?",
        "You asked for 3 Rust engineers; shall we talk?",
        "Rust is a fine language.",
    ]
    assert wrong(CAPACITY, 1, silent, thread=ASKED) == []


def test_checking_before_a_commitment_is_verifying_first():
    texts = [
        "Each of our teams has a capacity confirmation before anybody signs a commitment.",
        "We check who is free before we commit to anyone.",
        "A staffing check before any promise is our rule.",
        "We commit only after our planner has confirmed.",
        "I will verify availability first.",
        "We validate capacity prior to committing.",
    ]
    assert wrong(CAPACITY, 3, texts) == []
    assert wrong(CAPACITY, 2, ["We commit before others do.", "We deliver on what we promised."]) == []


# With one specific it fits (2), with two it is easy to take (3), with none it could close any mail (1).
def test_an_offer_is_an_ask():
    bare = [
        "If you're open to a conversation, I'd love to discuss.",
        "We'd be glad to explore how we might support your team.",
        "If that is of interest, I'd be glad to discuss how we can help.",
        "Happy to discuss whether there is a fit.",
        "If useful, I can share more.",
        "We'd welcome a conversation.",
        "Would you be open to a brief call?",
        "Up for a quick chat?",
        "Would a short intro call make sense?",
        "Is a quick conversation worthwhile?",
    ]
    one = [
        "If you're weighing options, I'd appreciate 15 minutes.",
        "Would love to discuss your data roadmap.",
        "Would a brief call work next week?",
        "If it helps, I can send you two patterns we use.",
        "I'd be glad to walk you through the two cases.",
        "Would you be open to a 15-minute chat to see if there is a fit?",
        "Could we talk next week to explore whether this aligns with your plans?",
        "Open to a quick call to see whether we can fill one of those seats?",
        "Open to a quick talk to see if our plans align?",
    ]
    two = [
        "If it helps, I can show three hiring patterns in 20 minutes.",
        "I'd love to discuss your data roadmap next week.",
        "Could we take 20 minutes on Tuesday?",
        "Open to a quick call this week to see whether we can close one of those seats?",
        "If you are open to it, I could walk you through two cases in 15 minutes.",
    ]
    none = [
        "We'd love to help you grow.",
        "Teams who like to talk do well.",
        "We are ready to support you.",
        "We can deliver next week.",
        "If this is no priority, ignore this note.",
    ]
    for right, texts in ((1, bare), (2, one), (3, two), (0, none)):
        assert wrong(ASK, right, texts) == []
    assert wrong(ASK, 2, ["Would you be open to a brief call?"], thread="Prospect reply: 'Tell me more.'") == []


# A closing question that asks for an answer is an ask, and no question on the signal before it.
def test_closing_questions_are_asks_and_no_questions_on_the_signal():
    bare = [
        "Can we help?",
        "Interested?",
        "Sounds useful?",
        "Need a hand?",
        "Quick call?",
        "Is that something you would look at?",
    ]
    specific = ["Can we help fill two of those seats?", "Could we pencil in Thursday?", "Mind if I send two profiles?"]
    told = "You have 6 open roles. "
    assert wrong(ASK, 1, [told + text for text in bare]) == []
    assert wrong(ASK, 2, [told + text for text in specific]) == []
    assert wrong(SIGNAL, 2, [told + text for text in bare + specific]) == []
    questions = ["Is that still current?", "What holds it up?", "Are you scaling the team?", "How is the search going?"]
    assert wrong(SIGNAL, 3, [told + text for text in questions]) == []
    assert wrong(ASK, 0, [told + text for text in questions]) == []


def test_pressing_for_a_signature_is_urgency():
    texts = [
        "Shall we talk? There is a tenth off if you sign by Tuesday.",
        "Please sign by the end of the week. Shall we talk?",
        "Shall we talk? The discount expires tomorrow.",
        "If you commit before Monday, the rate holds. Shall we talk next week?",
        "Shall we talk? Prices go up on Monday.",
        "Lock it in by Thursday. Shall we talk?",
    ]
    assert wrong(ASK, 0, texts) == []
    honest = [
        "Could we talk on Friday?",
        "Shall we talk by Friday?",
        "There is no need to sign by Friday. Shall we talk next week?",
    ]
    assert wrong(ASK, 2, honest) == []


def test_the_tone_of_a_template_is_not_the_voice_of_the_guide():
    texts = [
        "I wanted to reach out about your plans.",
        "I'm reaching out because you hire.",
        "I thought I'd reach out.",
        "Hope you are doing well.",
        "I wanted to introduce myself.",
        "Exciting times ahead! We place engineers.",
        "We revolutionise how clinics hire.",
        "What an amazing journey you are on.",
        "As an industry leader, we place cutting-edge talent.",
        "We are thrilled to write, and our people are state of the art.",
        "We can give you 15% off if you sign now.",
        "Tenacious can fast-track your AI adoption programme.",
        "We will transform your data strategy.",
        "Dear Sir or Madam, we place engineers.",
    ]
    assert wrong(TONE, 1, texts) == []
    honest = [
        "Feel free to reach out.",
        "We place engineers and check who is free.",
        "No hype: we place engineers.",
        "Your growth is steady.",
        "We can help with your AI roadmap.",
        "Congratulations on the round.",
        "How would you accelerate your roadmap?",
    ]
    assert wrong(TONE, 2, honest) == []
    assert wrong(TONE, 0, ["Subject: Quick question\n\nYou list 6 roles.", "Subject: A ninja\n\nYou list 6 roles."]) == []


def test_cues_of_the_peer_register_in_other_words():
    texts = [
        "I noticed Larkspur Robotics lists six roles. We've worked with teams of that size.",
        "I noticed that you list six roles. We have shipped such systems.",
        "We worked with a port. Curious if that helps.",
        "Worth a chat? We have built data teams.",
    ]
    assert wrong(TONE, 3, texts) == []
    one = [
        "I noticed Larkspur Robotics lists six roles.",
        "I noticed your logo. We've worked with teams of that size.",
        "I noticed Larkspur Robotics lists six roles. Each engineer has shipped systems.",
        "I noticed you list six roles. I noticed Larkspur Robotics grows.",
        "We've worked with banks. We have worked with insurers.",
    ]
    assert wrong(TONE, 2, one) == []


NAMES = [
    "At Synergy Partners, we place engineers for teams such as yours and keep them close to the work.",
    "We have worked for a year with Ninja Foods on their ordering pipeline and kept three engineers there.",
    "Last spring our people at Wizard Labs in Leeds moved the whole warehouse to a new host.",
]


def test_a_proper_name_is_no_banned_phrase():
    assert wrong(TONE, 2, NAMES) == []
    assert wrong(TONE, 0, ["We place ninjas.", "The synergy between partners is plain to see in our work."]) == []


# The whole name in the body, and a detail in a sentence that says something of the company.
def test_a_detail_is_tied_by_its_sentence():
    tied = [
        "Six roles open at Larkspur Robotics and no change in a month.",
        "Larkspur Robotics lists 6 open roles.",
        "Six roles left open at Larkspur Robotics while managers change is a lot.",
        "With 6 open roles at Larkspur Robotics, is hiring keeping pace?",
    ]
    assert wrong(NAMED, 2, tied, task="plain") == []
    loose = [
        "Larkspur Robotics. 6 open roles, maturity 1.",
        "Larkspur Robotics is a fine firm.",
        "Larkspur Robotics has several roles.",
    ]
    assert wrong(NAMED, 1, loose, task="plain") == []
    assert wrong(NAMED, 0, ["Larkspur lists 6 open roles.", "The robotics firm lists 6 open roles."], task="plain") == []


def test_a_finding_of_a_tied_detail_is_the_sentence_that_ties_it():
    found = [
        text
        for check, text, _ in findings("A note. Larkspur Robotics lists 6 open roles.", NAMED, "plain")
        if check == "tied-detail"
    ]
    assert found == ["Larkspur Robotics lists 6 open roles"]
