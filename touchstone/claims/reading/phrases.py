"""Phrases by which reports state n, the levels, and who labelled."""

from touchstone.claims.reading.words import BETWEEN, COUNT, MORE_THAN_TWO, PEOPLE, THINGS, WHOLE, WORD_NUMBER, any_of, words

# n: how many units

TWICE = any_of(
    r"\b(?:twice|double|doubly|dual|both|two|(?<![\d.,])2(?![\d.,%])|second|overlap\w*|re-?labell?\w*|re-?rated|retest|iaa)\b",
    r"\b(?:inter-?\s?(?:rater|annotator|coder)\w*|intra-?\s?rater|independently|pairs? of (?:annotators|raters))\b",
)
LABELLED = any_of(
    r"\b(?:labell?ed|labell?ing|annotat\w+|rated|coded|judged|scored|sampled?|subset|drawn|drew|selected|random\w*|reviewed)\b",
    r"\b(?:evaluat\w+|compared|eligible|agreement|agree\w*|kappa|kept|checked|graded|assessed|marked|iaa|reliability)\b",
    r"\b(?:labels|ratings|scores?|levels?|binary|pass/fail|yes/no)\b|κ",
    rf"\b{PEOPLE}\b",
)
VERB = (
    r"(?:sampled|drew|selected|picked|chose|labell?ed|annotated|rated|coded|judged|scored|graded|assessed|reviewed|compared|"
    r"double-labell?ed)"
)
NAMED = any_of(
    r"\b(?:n|(?:sample|overlap|subset) ?size|size of the (?:sample|overlap|subset)|"
    rf"(?:number|no\.?|count) of (?:[a-z-]+ )?{THINGS}|"
    rf"(?:total |double-labell?ed |labell?ed |compared |shared |annotated )?{THINGS}"
    r"(?: (?:twice|in common|double[- ][a-z]+ed|"
    r"(?!excluded|dropped|removed|failed|passed|skipped|discarded|flagged|disputed|contested)[a-z]+ed))?|overlap)"
    rf"\s*(?:=|:)\s*(?P<number>{WHOLE})"
)
HYPHENED = any_of(
    r"(?<![\w.,-])(?P<number>\d{1,9})-(?P<noun>[a-z]+)\s+(?:[a-z]+ )?(?:subset|sample|set|overlap|pilot|batch|slice)\b"
)
COUNTED = any_of(rf"(?P<number>{COUNT})\s+(?:of\s+(?:the|these|those)\s+)?{BETWEEN}(?P<noun>{THINGS})\b")
OF_THEM = any_of(rf"(?P<number>{COUNT})\s+(?:of (?:them|these|those|which)|(?:were|was) (?:[a-z]+ly )?{VERB}|in total)\b")
TAKEN = any_of(
    rf"\b{VERB}\s+(?:(?:a|an|only|another|random|randomly|sample|subset|set|total|of|at)\s+)*(?P<number>{COUNT})\b"
    rf"(?!\s*(?:%|percent|levels|{PEOPLE}))"
)
SUBSET = any_of(rf"\b(?:sample|subset|overlap|batch|pilot|total)\s+(?:of|was|is)\s+(?P<number>{COUNT})\b")
SIZES = (NAMED, HYPHENED, COUNTED, TAKEN, SUBSET, OF_THEM)

LOST = r"(?:unusable|excluded|dropped|removed|discarded|missing|skipped|invalid|lost|left out|thrown out)"
EXCLUDED = any_of(
    rf"(?P<number>{COUNT})\s+(?:[a-z]+\s+){{0,4}}?{LOST}\b",
    rf"\b{LOST}\s+(?:(?:the|another|a further)\s+)?(?P<behind>{COUNT})\b(?!\s*%)",
)
POOL = any_of(r"\b(?:from|out of|of|among)\s+(?:a\s+)?(?:all\s+|the\s+|our\s+|these\s+)*(?:pool of\s+|set of\s+)?$")
PART_OF = any_of(r"\b(?:subset|sample|set|total|batch|overlap|size|number|pilot)\s+of\s+(?:the\s+)?$")
EACH = any_of(
    r"^[^.,;()]{0,20}\b(?:per|each|every|a piece)\b|"
    r"^[^.,;()]{0,20}\b(?:an?|one) (?:day|week|month|hour|minute|shift|session|sitting|evening|morning)\b"
)
COUNTS_BEFORE = any_of(
    r"\b(?:agreed?|differ(?:ed)?|disagree[ds]?|match(?:ed)?|same|identical)\s+(?:on|for|in|about)\s+(?:all\s+)?$",
    r"\d\s*(?:/|of|out of)\s*(?:the\s+)?$",
    r"\b(?:after|following|before|besides|apart from|not counting)\s+(?:an?|the|our)\s+(?:[a-z]+\s+){0,2}?"
    r"(?:pilot|practice|training|warm-?up|calibration|trial|dry run)\b[^.;,]*$",
)
# Nouns of what may be asked of each unit, or be a part of one.
UNCERTAIN = frozenset(
    words(
        "questions labels ratings judgments judgements decisions words tokens spans phrases entities mentions keywords cells "
        "claims slots tests functions clauses calls lines pages rows entries"
    )
)
ORDINAL = any_of(
    r"(?:\b(?:round|rater|annotator|coder|judge|level|score|version|day|table|figure|section|step|phase|run|stage|batch|week|rule|"
    r"part|appendix|gpt|v|r|no\.?|in|by|since|of)|#)[ -]?$"
)

# The levels

SCALE = any_of(
    r"\b(?:scores?|levels?|scale|ratings?|labels?|rated|scored|graded)(?:\s+(?:of|from|is|was|on|a|each))*\s*[(:=]?\s*"
    r"(\d{1,2})\s*(?:–|-|—|to|through|\.\.)\s*(\d{1,2})\b(?!\s*(?:%|percent|of\s+(?:the\s+)?max|points? of|/|[.,]\d))",
    r"(?<![\d.])(\d{1,2})\s*(?:–|-|to)\s*(\d{1,2})\s+(?:[a-z]+ )?(?:scale|rubric|likert|score)\b",
    r"\b(?:scored|rated|graded|judged)\b[^.;%]{0,40}?\s(?:from|on)\s+(\d{1,2})\s*(?:–|-|to)\s*(\d{1,2})\b(?!\s*(?:%|[.,]\d))",
)
POINTS = any_of(
    rf"(?<![\d.,])\b({WORD_NUMBER}|\d{{1,2}})[- ](?:point|level|category|class|way ordinal|grade|step)\b",
    rf"\b({WORD_NUMBER}|\d{{1,2}})\s+(?:ordinal |ordered |nominal |rating |response |possible )*"
    r"(?:levels|categories|classes|options|grades)\b(?!\s+(?:per|each|of (?:tasks?|items?)))",
)
LISTED = any_of(r"(?<![\w/.])(-?\d|[a-z]+)((?:\s?/\s?(?:-?\d|[a-z]+)){1,6})(?![\w/]|\.\w)")
TWO_LEVELS = any_of(
    r"(?<!non-)(?<!non )(?<!not )\b(?:binary|dichotomous|two-level|yes[- ]or[- ]no|pass[- ]or[- ]fail|0 or 1)\b"
    r"(?! (?:search|classifier|file))"
)
OPPOSITES = [
    set(words(pair))
    for pair in (
        "pass fail",
        "yes no",
        "y n",
        "true false",
        "0 1",
        "accept reject",
        "correct incorrect",
        "right wrong",
        "present absent",
        "good bad",
        "safe unsafe",
        "positive negative",
        "relevant irrelevant",
        "met unmet",
        "valid invalid",
    )
]

# Who labelled

OF_A_KIND = (
    rf"(?:(?!(?:by|two|both|and|of|in|on|with|for|from|to|were|was|are|is|the|per|each|one|{VERB}|{THINGS})\b)[a-z'’-]+\s+)"
)
LABELLING = r"(?:labell?ed|annotated|rated|coded|judged|scored|graded|marked|read|seen)"
GROUP = r"(?:team|panel|committee|group|jury)"
SEVERAL = any_of(
    rf"(?<![\d.,–-])\b{MORE_THAN_TWO}\s+{OF_A_KIND}{{0,3}}{PEOPLE}\b",
    rf"\b(?:by|from|among|across)\s+{MORE_THAN_TWO}\s+(?!{THINGS}\b|dimensions|criteria|questions|of\b)(?:[a-z-]+\s+){{0,2}}[a-z-]+s\b"
    r"(?=[^.]{0,40}\b(?:independently|each|label|annotat|rat|cod|judg))",
    rf"\b{MORE_THAN_TWO}\s+(?!{THINGS}\b)(?:[a-z-]+\s+){{0,2}}[a-z-]+s\s+(?:independently\s+|each\s+|all\s+)*{LABELLING}\s+"
    r"(?:the|each|all|every|them|these|\d)",
    r"\b(?:in triplicate|triplicate|quadruplicate|triple-?\s?(?:labell?ed|annotated|coded|rated)|triply|three-way)\b",
    r"\bcrowd(?:[- ]?(?:sourc\w+|work\w+))?\b|\bmechanical turk\b|\bmturk\b|\bturkers\b|\bprolific\b",
    r"\bmajority vot\w+|\bmajority labels?\b|\bfleiss\b",
    rf"\b{MORE_THAN_TWO}\s+(?:independent\s+|human\s+|separate\s+)*(?:labels|ratings|judge?ments|annotations|votes|times|opinions|"
    r"reads)\s+(?:per|each|for each|on each|of each|apiece)\b",
    rf"\b{LABELLING}\s+(?:independently\s+)?(?:{MORE_THAN_TWO}\s+times|by\s+(?:at least\s+)?{MORE_THAN_TWO})\b(?!\s+{THINGS})",
    rf"\b{GROUP}s? of (?:[a-z]+ ){{0,2}}?(?:{PEOPLE}|{MORE_THAN_TWO})\b",
    rf"\bpool of (?:[a-z]+ ){{0,2}}?(?:{PEOPLE}|{MORE_THAN_TWO})\b",
    rf"\bby (?:the|our|a) (?:[a-z]+ )?{GROUP}\b|\b{GROUP} members\b",
    rf"\b(?:across|among|within) the (?:[a-z]+ )?{GROUP}\b",
    rf"\b(?:three|four|five|six|[3-9]) of us\b|\b(?:several|multiple|many|various) (?:[a-z-]+ )?{PEOPLE}\b",
)
TWO = any_of(
    rf"\b(?:two|both|2|pairs? of|a pair of|one other|another)\s+(?:[a-z'’-]+\s+){{0,3}}{PEOPLE}\b",
    rf"\b(?:second|other) (?:[a-z]+ )?{PEOPLE}\b",
    rf"\b{LABELLING}\s+(?:[a-z]+\s+){{0,4}}twice\b|\bdouble-?\s?{LABELLING}\b",
    r"\btwice by (?:the same|one)|\bsame (?:annotator|rater|person|labell?er|coder)\b",
)
WEIGHTED = any_of(
    r"\b(?:quadratic|linear)(?:ally|ly)?[- ]weight(?:ed|s)\b",
    r"\b(?:quadratic|linear|weighted) (?:cohen['’]s )?(?:κ|kappa)|\bqwk\b",
)
