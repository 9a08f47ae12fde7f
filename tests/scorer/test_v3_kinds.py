"""Kinds of wording that version 3 of the rubric reads: what is found under many ways of saying it, and honest neighbours are not.

Every task and text is invented. Each level is what the rubric's words give it; the comment over a list says why.
"""

from pathlib import Path

import pytest

from touchstone.rubric.reading import read_rubric
from touchstone.scorer.scoring import Scorer

SCORER = Scorer(read_rubric(Path(__file__).resolve().parents[2] / "rubric_versions" / "tenacious-v3.yml"))

SPLIT = "Company: Larkspur Robotics. Open engineering roles: 6 (2 Python, 3 DevOps). Employee count: 64."
PLAIN = "Company: Larkspur Robotics. Open engineering roles: 6."
MEDIUM = " AI maturity score: 1 (confidence: 0.7, medium). Layoff signal: none."
SURE = " AI maturity score: 1 (confidence: 0.9, high). Layoff signal: none."
BENCH = "Available bench: 6 ML engineers, 4 Python engineers."
TASKS = {
    "split": SPLIT + MEDIUM,
    "plain": PLAIN + MEDIUM,
    "sure": PLAIN + SURE,
    "round": "Company: Larkspur Robotics (Series A, $14M, closed 52 days ago). Open engineering roles: 6." + MEDIUM,
    "top": "Company: Larkspur Robotics. Open engineering roles: 6. AI maturity score: 3 (confidence: 0.7, medium). "
    "Layoff signal: none.",
    "idle": "Company: Larkspur Robotics. Open engineering roles: 0." + MEDIUM,
    "one": "Company: Larkspur Robotics. Open engineering roles: 1." + MEDIUM,
    "cut": "Company: Larkspur Robotics. Open engineering roles: 6. AI maturity score: 1 (confidence: 0.7, medium). "
    "Layoff signal: yes.",
    "sized": "Company: Larkspur Robotics. Open engineering roles: 6. AI maturity score: 1 (confidence: 0.7, medium). "
    "Layoff signal: 12% on 2025-11-03.",
}
ASKED = "Prospect reply: 'We need 3 Rust engineers for a rewrite. Who do you have available?'"


def level(text: str, dimension: str, task: str = "split", thread: str = "", must_ask: bool = True) -> int | str | None:
    given = {"company_signal": TASKS[task], "bench_summary": BENCH, "prior_thread": thread}
    return SCORER.score(text, given, {"expected_features": {"must_include_cta": must_ask}}).scores[dimension].value


def wrong(dimension: str, right: int, texts: list[str], **how) -> list[str]:
    found = [(level(text, dimension, **how), text) for text in texts]
    return [f"{value}, not {right}: {text}" for value, text in found if value != right]


def findings(text: str, dimension: str, task: str = "split") -> list[tuple[str, str, bool]]:
    given = {"company_signal": TASKS[task], "bench_summary": BENCH, "prior_thread": ""}
    return [(each.check, each.text, each.differs) for each in SCORER.score(text, given, {}).scores[dimension].findings]


SIGNAL, TONE, ASK, CAPACITY, NAMED = (
    "signal_grounding",
    "tone_compliance",
    "cta_quality",
    "bench_fit_alignment",
    "personalization_depth",
)


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
    assert level("You closed a series_a round.", SIGNAL, "round") == 2
    assert level("You closed a series_b round.", SIGNAL, "round") == 0
    assert level("You closed a series_a round.", SIGNAL, "plain") == 0


# A wrong value of the later number, not of the earlier one.
def test_of_a_change_the_later_value_counts():
    assert wrong(SIGNAL, 0, ["Open roles moved from 6 to 9.", "Openings went from 6 to 4.", "You list 9 roles, up from 6."]) == []


# None of these numbers is a claim about the prospect: they are silent (0, or 1 with the name), and nothing is said to differ.
def test_numbers_of_something_else_are_not_compared_with_the_task():
    texts = [
        "The whole engagement costs $1,200,000.",
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
        "We have 11 engineers available to embed with your team.",
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
    silent = ["Thanks for the note. Would a call help?", "You asked for 3 Rust engineers; shall we talk?", "Rust is a fine language."]
    assert wrong(CAPACITY, 1, silent, thread=ASKED) == []


def test_checking_before_a_commitment_is_verifying_first():
    texts = [
        "We run managed teams with explicit capacity confirmation before commitment.",
        "We check who is free before we commit to anyone.",
        "A staffing check before any promise is our rule.",
        "We commit only after our planner has confirmed.",
        "I will verify availability first.",
        "We validate capacity prior to committing.",
    ]
    assert wrong(CAPACITY, 3, texts) == []
    assert wrong(CAPACITY, 2, ["We commit before others do.", "We deliver on what we promised."]) == []


GROWTH = [
    "Larkspur Robotics is rapidly scaling its engineering team.",
    "I see that Larkspur Robotics is growing fast.",
    "As you grow your headcount aggressively, Larkspur Robotics will need people.",
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
    vague = ["Larkspur Robotics has seen some changes.", "Larkspur Robotics faced challenges.", "Layoffs elsewhere miss Larkspur Robotics."]
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
        "Your AI maturity score shows a capability gap, Larkspur Robotics.",
        "Larkspur Robotics's AI maturity leaves room.",
    ]
    assert wrong(SIGNAL, 2, [*roles, *score[1:]], task="plain") == []
    assert wrong(SIGNAL, 0, roles, task="idle") == []
    assert wrong(SIGNAL, 0, score[1:2], task="top") == []
    assert wrong(NAMED, 1, roles, task="plain") == []
    assert wrong(NAMED, 2, score[1:], task="plain") == []
    honest = ["We fill many roles, Larkspur Robotics.", "AI maturity matters, Larkspur Robotics.", "Larkspur Robotics plays a role."]
    assert wrong(SIGNAL, 1, honest, task="plain") == []


HEDGED = [
    "You list 6 open roles, but public evidence is limited.",
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


# With one specific it fits (2), with two it is easy to take (3), with none it could close any mail (1).
def test_an_offer_is_an_ask():
    bare = [
        "If you're open to a conversation, I'd love to discuss.",
        "I'd be happy to explore how we could support your goals.",
        "If this is something you'd like to explore, I'd be glad to discuss how we might assist.",
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
        "Open to a quick chat to see if there's alignment?",
    ]
    two = [
        "If useful, I can share two rollout patterns in 15 minutes.",
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


def test_pressing_for_a_signature_is_urgency():
    texts = [
        "Shall we talk? We take 30% off if you sign by Friday.",
        "Please sign by the end of the week. Shall we talk?",
        "Shall we talk? The discount expires tomorrow.",
        "If you commit before Monday, the rate holds. Shall we talk next week?",
        "Shall we talk? Prices go up on Monday.",
        "Lock it in by Thursday. Shall we talk?",
    ]
    assert wrong(ASK, 0, texts) == []
    honest = ["Could we talk on Friday?", "Shall we talk by Friday?", "There is no need to sign by Friday. Shall we talk next week?"]
    assert wrong(ASK, 2, honest) == []


def test_the_tone_of_a_template_is_not_the_voice_of_the_guide():
    texts = [
        "I wanted to reach out about your hiring needs.",
        "I'm reaching out because you hire.",
        "I thought I'd reach out.",
        "Hope you are doing well.",
        "I wanted to introduce myself.",
        "Exciting times! We place engineers.",
        "We revolutionize engineering teams.",
        "What an amazing journey you are on.",
        "As an industry leader, we place cutting-edge talent.",
        "We are thrilled to write, and our people are state of the art.",
        "We can give you 30% off if you sign now.",
        "Tenacious can accelerate your AI integration roadmap.",
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
        "Six roles sitting open through a transition at Larkspur Robotics is a tough spot.",
        "With 6 open roles at Larkspur Robotics, is hiring keeping pace?",
    ]
    assert wrong(NAMED, 2, tied, task="plain") == []
    loose = ["Larkspur Robotics. 6 open roles, maturity 1.", "Larkspur Robotics is a fine firm.", "Larkspur Robotics has several roles."]
    assert wrong(NAMED, 1, loose, task="plain") == []
    assert wrong(NAMED, 0, ["Larkspur lists 6 open roles.", "The robotics firm lists 6 open roles."], task="plain") == []


def test_a_finding_of_a_tied_detail_is_the_sentence_that_ties_it():
    found = [text for check, text, _ in findings("A note. Larkspur Robotics lists 6 open roles.", NAMED, "plain") if check == "tied-detail"]
    assert found == ["Larkspur Robotics lists 6 open roles"]
