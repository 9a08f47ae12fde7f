"""What the planted benchmark is written from: sentences in two wordings that share few words, names, and words alike."""

HEADS = (
    "Alder Amber Anchor Aspen Badger Basalt Beacon Birch Bramble Canyon Cedar Cobalt Comet Coral Crane Delta Drift Dune Ember Falcon "
    "Fathom Fern Flint Gannet Garnet Glacier Granite Harbour Hazel Heron Indigo Juniper Kestrel Lantern Larch Marlin Meadow Mistral "
    "Nimbus Onyx Osprey Otter"
).split()
TAILS = "Freight Legal Foods Optics Robotics Clinics Textiles Energy Stores Marine".split()
ITEMS = (
    "the invoice of March|the login of our auditors|the export to the ledger|the backup of Tuesday|the tablet app|the sandbox|"
    "the webhook to our shop|the quarterly review|the archive of old orders|the shared calendar|the price list|the driver accounts|"
    "the warehouse scanner|the payroll link|the supplier portal|the audit trail|the status board|the report for the board|"
    "the French translation|the trial of the add-on|the map view|the approval chain|the vendor form|the loading times|"
    "the seat we share|the contract of last year|the discount code|the night shift|the branch in Leeds|the new colleague"
).split("|")
BEFORE = (
    "Customer: Hello again, thanks for coming back to me.",
    "Customer: Good morning, sorry for the long silence.",
    "Customer: Hi there, one more thing from our side.",
)
AFTER = (
    "Let me know what you need from us. Best regards.",
    "I am at my desk until four if a call is easier. Thanks.",
    "Please answer to all on this thread. Kind regards.",
)
# The same said twice: the second wording shares next to no word with the first but the item.
MEANINGS = (
    ("Since the update on Monday, {} stops with an error.", "Ever after you patched things this week we get a failure from {}."),
    ("We were charged twice for {} and want the money back.", "A refund is due: {} shows up as two payments on our card."),
    ("Nobody in my team can find {} any more.", "My people keep looking for {} and it seems to have vanished."),
    ("Could you extend the deadline for {} by two weeks?", "A fortnight more on {} would help us a lot, if possible."),
    ("Our manager asks why {} costs more than agreed.", "The boss wonders how the price of {} went above the quote."),
    ("Please remove {} from our account before the audit.", "Ahead of the inspectors' visit, {} has to be gone from our side."),
    ("I would rather speak to a person about {}.", "No more bots, please: give me a human to discuss {}."),
    ("The numbers in {} do not match our own records.", "What our books say and what {} shows are two different things."),
    ("We plan to double the people who use {}.", "Twice as many staff will soon be working with {}."),
    ("Is there a way to restore {} from last week?", "Can the earlier copy of {}, some seven days old, be brought back?"),
    ("Our lawyers have questions about where {} is stored.", "Legal wants to learn which country holds {}."),
    ("The instructions for {} are wrong on page two.", "Whoever wrote the manual made a mistake in the part on {}."),
    ("If {} is not solved soon, we will cancel.", "We are ready to leave unless somebody deals with {} at once."),
    ("A competitor offers {} for half the price.", "Elsewhere we could have {} and pay fifty percent less."),
    ("We are happy with the way {} was handled.", "Great job on {}, everyone here was pleased."),
    ("My password is refused whenever I open {}.", "I cannot get into {}: it keeps rejecting my credentials."),
    ("Please send a written confirmation about {}.", "I need it in black and white that {} is fine."),
    ("The person who looked after {} has left the firm.", "Our former owner of {} quit, so it lies idle."),
    ("Can you train our new staff on {}?", "Would someone teach the beginners here how {} works?"),
    ("The page with {} takes a minute to load.", "Waiting sixty seconds for {} to appear is too slow."),
    ("We switched off {} by accident, what now?", "Somebody here disabled {} without meaning to; any advice?"),
    ("The notifications about {} come far too often.", "Our inboxes drown in alerts on {}."),
    ("Your colleague promised to look into {} on Friday.", "End of last week I was told that support would examine {}."),
    ("We need {} in a format that our tools can read.", "Our software does not understand how {} is delivered."),
    ("Does our plan include {} or is that extra?", "I am unsure whether {} is covered by what we pay."),
    ("Three of our offices share {} and lock each other out.", "Several sites use {} at once, and they throw one another off."),
    ("The auditors found that {} is open to everyone.", "In the review it emerged that any stranger could see {}."),
    ("We moved house, so the address on {} is outdated.", "Since relocating, the street printed on {} is an old one."),
    ("The mobile version of {} shows only half the columns.", "On a phone, much of {} is cut away."),
    ("Please tell me who approved {} on our behalf.", "I would like the name of whoever signed off {} for us."),
    ("All dates in {} are off by one day.", "Every entry of {} appears twenty-four hours too early."),
    ("We tested {} on a copy and it worked well.", "A dry run of {} in a safe place went smoothly."),
    ("Can two of us edit {} at the same time?", "Is simultaneous work by several hands on {} possible?"),
    ("The search never finds {} by its number.", "Typing in the code does not bring up {}."),
    ("We lost the changes made to {} over lunch.", "What was typed at noon into {} has disappeared."),
    ("Please merge {} with the one from our sister firm.", "Our affiliate has its own, so combine theirs and {}."),
    ("The trial ended before we could look at {}.", "Time ran out on the test period, and {} was never examined."),
    ("Our bank rejected the payment for {}.", "Money transfer concerning {} bounced."),
    ("I cannot print {} without cutting the margins.", "On paper the edges of {} are missing."),
    ("Why was {} closed without an answer?", "Somebody marked {} as done, yet I heard nothing."),
    ("We want a yearly bill for {} rather than monthly.", "One statement every twelve months for {} would suit us better."),
    ("The colours of {} are hard to read for some of us.", "Colleagues with weak eyesight struggle with how {} is drawn."),
    ("Please keep {} until the end of the dispute.", "Nothing of {} may be deleted while we are in conflict."),
    ("The link to {} in your mail leads nowhere.", "Clicking through to {} from the message gives an empty screen."),
)
SYNONYMS = {
    "update": "release", "stops": "fails", "error": "fault", "charged": "billed", "want": "need", "money": "amount",
    "nobody": "no one", "find": "locate", "extend": "move", "deadline": "due date", "manager": "director", "asks": "wonders",
    "costs": "is", "agreed": "arranged", "remove": "delete", "account": "profile", "before": "ahead of", "rather": "prefer to",
    "speak": "talk", "person": "human", "numbers": "figures", "match": "fit", "records": "books", "plan": "intend",
    "people": "colleagues", "restore": "recover", "questions": "doubts", "stored": "kept", "instructions": "steps",
    "wrong": "mistaken", "solved": "fixed", "soon": "shortly", "cancel": "leave", "offers": "sells", "price": "cost",
    "happy": "content", "handled": "managed", "password": "passcode", "refused": "rejected", "open": "start", "please": "kindly",
    "send": "mail", "written": "signed", "looked": "cared", "firm": "company", "train": "teach", "staff": "employees",
    "page": "screen", "load": "open", "switched": "turned", "accident": "mistake", "come": "arrive", "often": "frequently",
    "colleague": "coworker", "promised": "offered", "format": "shape", "tools": "programs", "include": "cover", "extra": "on top",
    "offices": "branches", "auditors": "examiners", "found": "noticed", "outdated": "old", "shows": "displays", "tell": "inform",
    "approved": "accepted", "dates": "days", "tested": "tried", "worked": "ran", "edit": "change", "search": "finder",
    "lost": "are missing", "changes": "edits", "merge": "join", "ended": "ran out", "look": "glance", "bank": "house bank",
    "rejected": "declined", "print": "put on paper", "cutting": "trimming", "closed": "shut", "answer": "reply", "bill": "invoice",
    "hard": "difficult", "keep": "retain", "end": "close", "link": "address", "leads": "goes", "hello": "hi", "sorry": "apologies",
    "thanks": "thank you", "know": "hear", "desk": "phone",
}  # fmt: skip
