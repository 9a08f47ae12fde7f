"""Asks that are no questions under version 3 of the rubric: orders, fragments, times that are free, things offered, answers.

Every text is invented. Each level is what the rubric's words give it: with no specific an ask could close any mail (1), with one
of duration, topic, link, slots or week it fits (2), with two it is easy to take (3); a mail that asks nothing is 0.
"""

from tests.support.kinds_of_wording import ASK, ASKED, wrong

TOLD = "You have 6 open roles. "


def test_an_order_without_a_specific_could_close_any_mail():
    texts = [
        "Book here: cal.example/ada",
        "Ping me whenever.",
        "Pick a slot.",
        "Grab any slot!",
        "Hit reply and say YES.",
        'Reply "GO" and we take it from there.',
        "Reply with yes.",
        "Just reply with your availability.",
        "Call me.",
        "Text us back.",
        "Drop me a line.",
        "Shoot me a note.",
        "Give us a shout.",
        "Click the link.",
        "Tap that button: go.example/x",
        "Please advise as to your availability.",
        "Kindly advise on your availability.",
        "Please suggest a time.",
        "Please indicate your preferred date.",
        "Kindly propose a time.",
        "Please inform us of your availability.",
        "Claim your slot.",
        "Schedule a demo.",
        "Write back.",
        "Say the word.",
        "Email me.",
        "My calendar: cal.example/ada",
        "Here's my calendar.",
        "Tell me when.",
        "Send me a date.",
    ]
    assert wrong(ASK, 1, [TOLD + text for text in texts]) == []


def test_an_order_with_specifics_is_an_ask_that_fits():
    one = [
        "Pick a slot next week.",
        "Reply with a time on Tuesday.",
        "Book a time here: cal.example/ada",
        "Please suggest a time next week.",
        "Send me a date in the week of 8 June.",
        "Call me on Thursday.",
    ]
    two = [
        "Pick a 20-minute slot next week.",
        "Please suggest a time on Tuesday for half an hour.",
        "Book 15 minutes on Thursday here: cal.example/ada",
    ]
    assert wrong(ASK, 2, [TOLD + text for text in one]) == []
    assert wrong(ASK, 3, [TOLD + text for text in two]) == []


# Who orders nothing of the reader asks nothing.
def test_the_same_words_about_others_are_no_order():
    texts = [
        "Teams book a slot early.",
        "They call us when it breaks.",
        "Our engineers reply within a day.",
        "We answer every ticket.",
        "People pick a time and stick to it.",
        "The link broke.",
        "Your calendar service is written in Go.",
        "Clients write back after a year.",
        "We tell teams when a release slips.",
        "Your booking page is fast.",
    ]
    assert wrong(ASK, 0, [TOLD + text for text in texts]) == []


def test_a_fragment_that_names_a_time_is_an_ask():
    one = [
        "Next week?",
        "Tuesday or Wednesday?",
        "Tue 14:00 or Wed 10:00.",
        "Thursday at 10?",
        "20 minutes?",
        "Tomorrow morning?",
    ]
    two = [
        "20 minutes Thursday at 3pm?",
        "30 min next week, on the Go seats?",
        "Fifteen minutes, Thursday 28 May at 11:00 or 16:00, on the metering part only.",
        "Next step: 20 minutes, Tue or Thu next week, on the data roles.",
        "Half an hour on Monday?",
        "25 minutes on 3 or 4 June?",
        "Ask\n- 15 minutes\n- Your choice of Wed 10 June or Fri 12 June",
        "30 minutes, 12 June, 10:00 or 14:00?",
    ]
    assert wrong(ASK, 2, [TOLD + text for text in one]) == []
    assert wrong(ASK, 3, [TOLD + text for text in two]) == []
    honest = [
        "Fifteen minutes on Tuesday were lost.",
        "We ship on Tuesday or Wednesday.",
        "Next week is the release.",
        "Twenty minutes of downtime cost a day.",
        "Monday's deploy failed.",
        "Tuesday went well.",
    ]
    assert wrong(ASK, 0, [TOLD + text for text in honest]) == []


def test_a_time_that_is_free_is_an_ask():
    one = [
        "I have Tuesday 10:00 free.",
        "I've got time on Thursday.",
        "I'll keep Thursday 3pm free for you unless you say no.",
        "We have a slot next week.",
        "I'm around on Friday.",
        "I can leave Wednesday morning open.",
        "We should be grateful for half an hour.",
        "I suggest a call on Monday.",
        "I would propose a conversation next week.",
    ]
    two = [
        "I have 20 minutes on Tuesday.",
        "I've got 15 minutes next week.",
        "I would propose a thirty-minute conversation in the week of 8 June.",
        "I'd suggest 20 minutes in the week of the 15th.",
        "I propose a 15-minute exchange on planning, Tuesday or Wednesday.",
    ]
    assert wrong(ASK, 2, [TOLD + text for text in one]) == []
    assert wrong(ASK, 3, [TOLD + text for text in two]) == []
    honest = [
        "We have 3 engineers free on Monday.",
        "We have time zones covered next week.",
        "I suggest a smaller team.",
        "They have Tuesday free.",
        "We keep the Monday build open to all.",
        "We are grateful for the round.",
        "You have time until Thursday.",
    ]
    assert wrong(ASK, 0, [TOLD + text for text in honest]) == []


def test_a_thing_offered_is_an_ask_that_fits():
    one = [
        "I can send the one-page note.",
        "I can send the write-up if you'd like to see it.",
        "I could share a checklist.",
        "Happy to forward the case study.",
        "I'd be glad to send over the outline.",
        "I'll mail you the guide.",
        "Let me share a short memo.",
        "We could lend you one engineer for a trial.",
        "Would it be of use if I sent a short checklist?",
    ]
    two = [
        "I can send the memo or go through it with you in half an hour.",
        "I can share a short case. Link: example.test/case",
        "I have a one-pager (link: example.test/api) and time on Friday.",
        "I put a recording of it here: example.test/portal.",
    ]
    assert wrong(ASK, 2, [TOLD + text for text in one]) == []
    assert wrong(ASK, 3, [TOLD + text for text in two]) == []
    honest = [
        "We can send 3 engineers.",
        "They could share a note.",
        "We have a case open.",
        "Our people write a report each week.",
        "A guide exists.",
        "We cannot share the list.",
        "Your team can show a demo.",
    ]
    assert wrong(ASK, 0, [TOLD + text for text in honest]) == []


def test_a_short_answer_is_asked_for():
    texts = [
        "A plain yes or no is fine.",
        "Yes/no is plenty.",
        "A one-word answer will do.",
        "If a plain yes or no is easy, I'd be grateful.",
        "If not, tell me and I'll stop.",
    ]
    assert wrong(ASK, 2, [TOLD + text for text in texts]) == []
    assert wrong(ASK, 0, [TOLD + "It is no yes or no matter.", TOLD + "Yes, and no."]) == []


# A question that keeps the thread going fits a reply; to a cold prospect it asks about the signal, not for a step.
def test_a_question_in_a_reply_is_an_ask():
    texts = [
        "Which of the four is most urgent?",
        "Are the two listings stale, then?",
        "Anything there that rules us out?",
        "Does Go work for any part of it?",
    ]
    assert wrong(ASK, 2, texts, thread=ASKED) == []
    assert wrong(ASK, 0, texts[1:3]) == []
    assert wrong(ASK, 1, ["Happy to expand on any of these. Which one first?"], thread=ASKED) == []
    assert wrong(ASK, 0, ["We have three Rust engineers."], thread=ASKED) == []


def test_an_ask_that_names_no_time_could_close_any_mail():
    texts = [
        "Are you around for a chat sometime?",
        "How about we hop on a call?",
        "Shall we have a natter?",
        "When are you free?",
        "Could we talk at some point, whenever suits?",
        "Is there someone better to speak with?",
        "Who owns hiring over there?",
        "Who should I speak to about hiring?",
        "Shall I send the contract?",
        "Should we prepare an order form?",
    ]
    assert wrong(ASK, 1, [TOLD + text for text in texts]) == []
    specific = ["How about we hop on a call on Tuesday?", "When are you free next week?", "Shall I send the outline?"]
    assert wrong(ASK, 2, [TOLD + text for text in specific]) == []


def test_an_offer_that_lapses_is_urgency():
    texts = [
        "I require a decision by 17:00 tomorrow, failing which the offer lapses. Shall we talk?",
        "Slots are filling rapidly. Shall we talk?",
        "I'll hold two engineers until noon, after that they go elsewhere. Shall we talk?",
        "The offer ends on Friday. Shall we talk?",
        "I have booked you in for Tuesday.",
    ]
    assert wrong(ASK, 0, texts) == []
    honest = [
        "We hold two engineers until June. Shall we talk next week?",
        "Your requisition lapses in May. Shall we talk next week?",
    ]
    assert wrong(ASK, 2, honest) == []
