"""What is asked: the questions, and what people say in their own words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from dashboard.demo.truths import EFFORT, EMPLOYEE_NPS, KNOWS_WHAT_I_NEED, SATISFACTION, TRUST


@dataclass(frozen=True)
class Question:
    """A question that recurs in every wave of its instrument.

    `level` is what is expected of it: a Net Promoter Score where the scale is 0 to 10, else the share in the
    upper boxes (5 to 7 of 7, 4 and 5 of 5), which are the lower ones where a low score is good.
    """

    key: str
    instrument: str
    population: str
    text: str
    scale: tuple[int, int]
    about: str
    level: float
    probes: str = "neutral"
    high_is_good: bool = True
    item: str = ""

    @property
    def item_id(self) -> str:
        """The same for questions that can be compared across populations."""
        return self.item or self.key


_NEED = KNOWS_WHAT_I_NEED.item
QUESTIONS = (
    Question(
        "nps_recommend", "nps", "customer", "How likely are you to recommend us to a friend or colleague?",
        (0, 10), "buyer", 32.0,
    ),
    Question(
        "frustration", "nps", "customer", "What makes your life harder when you deal with us? How much?",
        (1, 5), "buyer", 0.44, "frustration",
    ),
    Question(
        "delight", "nps", "customer", "What pleased you when you dealt with us? How much?",
        (1, 5), "buyer", 0.57, "delight",
    ),
    Question(
        "network_works", "nps", "customer", "The network works wherever I need it.", (1, 5), "company", 0.52
    ),
    Question(
        "easy_to_reach", "nps", "customer", "It is easy to reach somebody who can help me.", (1, 5), "buyer",
        0.61,
    ),
    Question(
        "bills_are_clear", "nps", "customer", "I understand every line of my bill.", (1, 5), "buyer", 0.47
    ),
    Question(
        "staff_are_kind", "nps", "customer", "I am treated kindly.", (1, 5), "buyer", 0.74
    ),
    Question(
        "shops_are_pleasant", "nps", "customer", "I like to be in Meridian's shops.", (1, 5), "company", 0.66
    ),
    Question(
        "csat_overall", "csat", "customer", "How satisfied are you with Meridian?", (1, 5), "company",
        SATISFACTION.level,
    ),
    Question(
        "value_for_money", "csat", "customer", "Meridian is worth what I pay for it.", (1, 5), "company", 0.55
    ),
    Question(
        "expects_more", "csat", "customer", "I expect more of a provider than I did a year ago.", (1, 5),
        "buyer", 0.48,
    ),
    Question(
        _NEED, "csat", "customer", "Meridian knows what I need.", (1, 5), "buyer", KNOWS_WHAT_I_NEED.customers
    ),
    Question(
        "ces_easy", "ces", "customer", "Meridian made it easy for me to handle my issue.", (1, 7), "buyer",
        EFFORT.level,
    ),
    Question(
        "ces_effort", "ces", "customer", "How much effort did you have to put forth?",
        (1, 5),
        "buyer", EFFORT.level, high_is_good=False,
    ),
    Question(
        "csat_contact", "ces", "customer", "How satisfied were you with this contact?", (1, 5), "company",
        0.80,
    ),
    Question(
        "journey_end", "ces", "customer", "How satisfied are you with the whole of it, from start to end?",
        (1, 5), "buyer", 0.66,
    ),
    Question(
        "trust_straight", "trust", "customer", "Meridian plays it straight with me.", (1, 5), "company",
        TRUST.level,
    ),
    Question(
        "easy_to_complain", "trust", "customer", "If something went wrong I would know how to complain.",
        (1, 5),
        "buyer", 0.61,
    ),
    Question(
        "brand_recommend", "nps", "category", "How likely would you be to recommend this provider?", (0, 10),
        "company", 12.0,
    ),
    Question(
        "exit_return", "exit", "former", "Would you consider coming back?", (1, 5), "buyer", 0.31
    ),
    Question(
        "prospect_reconsider", "exit", "prospect", "Would you ask us for an offer again?", (1, 5), "buyer",
        0.38,
    ),
    Question(
        "enps_recommend", "pulse", "employee", "How likely are you to recommend us as a place to work?",
        (0, 10), "company", EMPLOYEE_NPS.level,
    ),
    Question(
        "frontline_belief", "pulse", "employee", "This company is really here for the customer.", (1, 5),
        "company", 0.47,
    ),
    Question(
        "internal_ease", "pulse", "employee",
        "It is easy to get what I need from this department to serve customers.", (1, 7), "company", 0.54,
    ),
    Question(
        f"manager_{_NEED}", "pulse", "manager", "Meridian knows what its customers need.", (1, 5), "buyer",
        KNOWS_WHAT_I_NEED.company, item=_NEED,
    ),
)  # fmt: skip
QUESTION: Mapping[str, Question] = {question.key: question for question in QUESTIONS}

FRUSTRATIONS: Mapping[str, Sequence[str]] = {
    "waiting": (
        "I waited forty minutes on the phone and then the line went dead.",
        "Nobody picks up in the evening, and during the day I work.",
    ),
    "unclear bill": (
        "The new bill has three pages and I still do not know what I pay for.",
        "There was an amount on the bill that nobody could explain.",
    ),
    "missed visit": (
        "I took a day off and the engineer did not come.",
        "The visit was moved twice, and each time I heard it on the morning itself.",
    ),
    "repeating myself": (
        "I told the same story to four people.",
        "Each department said that another one was responsible.",
    ),
    "price rise": (
        "New customers get a better price than I do after nine years.",
        "The price went up and nobody told me why.",
    ),
    "slow network": (
        "Every evening the connection drops in the middle of a call.",
        "The speed that I pay for has never been reached.",
    ),
}
DELIGHTS: Mapping[str, Sequence[str]] = {
    "solved at once": (
        "One call and it was done. I had expected worse.",
        "She saw the fault, mended it and called back to make sure.",
    ),
    "kind engineer": (
        "The engineer explained everything to my mother and left the room clean.",
        "He came early, called before, and took the old box with him.",
    ),
    "fast network": (
        "It has not failed once since we moved here.",
        "Three of us work from home and it holds.",
    ),
    "honest advice": (
        "They told me that the cheaper plan is enough for us.",
        "He said openly that the fault was theirs and took it off the bill.",
    ),
    "easy online": (
        "I changed the plan in the app in two minutes.",
        "The answer was on the website and it was right.",
    ),
}
THEMES = (*FRUSTRATIONS, *DELIGHTS)
SENTENCES = tuple(text for texts in (*FRUSTRATIONS.values(), *DELIGHTS.values()) for text in texts)
SENTENCES_EACH = 2  # of every theme, in the order of THEMES


def question_table(first_months: Mapping[tuple[str, str], object]) -> pa.Table:
    """The questions, with their scales. `wave_key` is the first wave in which each was asked.

    `first_months` are those of the surveys, by instrument and population.
    """
    return pa.Table.from_pylist(
        [
            {
                "question_key": question.key,
                "wave_key": wave_key(
                    question.instrument,
                    question.population,
                    first_months[question.instrument, question.population],
                ),
                "text": question.text,
                "scale_min": question.scale[0],
                "scale_max": question.scale[1],
                "high_is_good": question.high_is_good,
                "about": question.about,
                "probes": question.probes,
                "item_id": question.item_id,
            }
            for question in QUESTIONS
        ]
    )


def wave_key(instrument: str, population: str, month: object) -> str:
    """`nps-customer-2021-10`."""
    return f"{instrument}-{population}-{month}"
