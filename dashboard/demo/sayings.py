"""What people say in their own words: a sentence on the subject, as different people would put it.

Some give an address or a number away, as people do; whoever shows what was said has to mask it.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from dashboard.demo.columns import labelled
from dashboard.demo.timeline import Bools, Ints, pick

_BEGINNINGS = ("", "To be honest: ", "For what it is worth: ", "Once more: ", "I will keep it short. ")
_BEGINNING_SHARE = np.array([0.60, 0.10, 0.10, 0.08, 0.12])
_ENDINGS = (
    "",
    " I have been a customer for eight years.",
    " My neighbours say the same.",
    " Somebody should read this.",
    " It took a whole afternoon.",
    " My parents would not have managed.",
    " I would rather not go through it again.",
    " You can reach me at 06-2055 0{0}.",
    " Write to me at customer{0}@example.com.",
    " My customer number is 4711-0098{0}.",
    " Kind regards, Mr Example",
)
_ENDING_SHARE = np.array([0.52, 0.08, 0.07, 0.07, 0.06, 0.06, 0.06, 0.02, 0.02, 0.02, 0.02])
_DIGITS = "231"  # of addresses and numbers that nobody has

IN_BETWEEN = (
    "It works, and nothing about it delights me.",
    "The network is fine, the bill is not.",
    "The engineer was good, getting one took three calls.",
    "I stay because leaving is more work.",
    "It is good value, if nothing goes wrong.",
    "Once I had somebody on the line, it was solved.",
    "The app is fine for small things and no use for large ones.",
    "I was promised a call back, and it came a day late.",
)
COMPLAINTS: Mapping[str, Sequence[str]] = {
    "billing": (
        "I was billed twice for one month and had to prove it myself.",
        "The first page of the bill does not say what I pay for.",
        "The credit that I was promised is not on this bill either.",
        "A discount ended and nobody had told me that it would.",
    ),
    "delivery": (
        "The box came four days late and to the wrong address.",
        "I stayed at home for a courier who never rang.",
        "Half of the order was there, and nobody knew about the other half.",
    ),
    "network": (
        "We have been without a line for six days.",
        "The connection drops each evening, and I work from home.",
        "They changed the cabinet, and since then it is slower than before.",
    ),
    "service": (
        "I was put through four times and told my story four times.",
        "They promised to call back and nobody did.",
        "I was told that it is solved. It is not.",
    ),
    "contract": (
        "I was told that I could leave any month, and the contract says otherwise.",
        "My plan was renewed for two years without a word.",
    ),
    "policy": (
        "He wanted to help and said that a rule does not let him.",
        "Nobody could show me the rule by which I was refused.",
    ),
}
FAREWELLS: Mapping[str, Sequence[str]] = {
    "price": (
        "I would have paid the price for something that works.",
        "Others ask a third less, and I see no difference.",
    ),
    "service": (
        "I gave up after the fifth call.",
        "Nobody ever called back, so I left.",
        "They were kind, and nothing happened.",
    ),
    "better offer": (
        "New customers got what I had asked for.",
        "Another company came to my door with a better plan.",
    ),
    "billing": (
        "I no longer trusted the bill.",
        "Each month I had to check what they charged.",
    ),
    "network": (
        "I could not work from home any more.",
        "Six engineers, and it still dropped every evening.",
    ),
    "moved to another region": (
        "They could not connect the new house for nine weeks.",
        "Where I live now they have no line.",
    ),
    "trust": (
        "They promised me one thing and wrote down another.",
        "I felt that they hoped I would not notice.",
    ),
    "payment default": ("I could not pay any more.",),
    "closed or deceased": ("The business is closed.",),
}


def said(rng: np.random.Generator, sentence: Ints, sentences: Sequence[str], silent: Bools) -> pa.Array:
    """Each of the sentences (indices) as somebody would put it; null for the silent."""
    count = len(sentence)
    begin, end = pick(rng, _BEGINNING_SHARE, count), pick(rng, _ENDING_SHARE, count)
    texts = [
        f"{beginning}{each}{ending.format(_DIGITS)}"
        for each in sentences
        for beginning in _BEGINNINGS
        for ending in _ENDINGS
    ]
    code = (sentence * len(_BEGINNINGS) + begin) * len(_ENDINGS) + end
    return labelled(code, texts, silent)


def on_subject(
    rng: np.random.Generator, subject: Ints, said_of: Mapping[str, Sequence[str]], silent: Bools
) -> pa.Array:
    """What is said on each subject, an index into the keys of `said_of`; null for the silent."""
    lengths = np.array([len(each) for each in said_of.values()])
    first = np.cumsum(lengths) - lengths
    sentence = first[subject] + (rng.random(len(subject)) * lengths[subject]).astype(np.int64)
    return said(rng, sentence, [text for texts in said_of.values() for text in texts], silent)
