"""Derivations: measures that need the history of each entity, declared in config/derivations."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dashboard.definitions.expressions import Aggregate, Column, Expression
from dashboard.definitions.origins import Measure, Slice
from dashboard.periods import Grain

AGE = "age"  # the dimension of a cohort's measures: whole periods since the entity's first
FREQUENCY_SLICE: Slice = ("x", "t_x", "t")  # repeats, time of the last one, time watched
OTHER = "new_other"
# Texts are kept as members of a slice, so the ledger keeps them as it keeps figures.
TEXTS = "texts"  # the measure, and the number of texts that there are
VOICE: Slice = ("stratum", "score", "text")  # behind the dimensions of `by`
ENTRY: Slice = ("line", "status", "evidence", "owner", "day")

# What is at risk of the revenue of those whom a bridge tells of, and how many of them are expected to go.
AT_RISK, EXPECTED_LOST = "at_risk", "expected_lost"
OF_RISK = (AT_RISK, EXPECTED_LOST)

# The value of a customer base: what it is, what it would be, and what became of it since the period before.
EQUITY, EQUITY_CUSTOMERS = "equity", "equity_customers"
EQUITY_IF = (
    "equity_discount_lower",
    "equity_discount_higher",
    "equity_retention_lower",
    "equity_retention_higher",
    "equity_multiple",
)
EQUITY_LINES = (
    "equity_acquired_new",
    "equity_reactivated",
    "equity_lost_expected",
    "equity_lost_variance",
    "equity_unwind",
    "equity_survival_credit",
    "equity_margin_realised",
    "equity_volume_variance",
    "equity_margin_variance",
    "equity_retention_assumption",
    "equity_discount_rate_change",
    "equity_model_refit",
)


@dataclass(frozen=True)
class Risk:
    """The chance to be lost within a year: that of those who were there a year ago, by member of `by`.

    `a_year` says how many values of the bridge make the revenue of a year.
    """

    by: str | None
    a_year: int


@dataclass(frozen=True)
class Bridge:
    """What became of each entity's value: of the `over` months before against those that end now.

    Of an event dataset the value is a sum over `over` months; of a span or snapshot dataset it is the stock
    at the end. `new_members` are members of the dimension `split_new_by` for which new value has a line of
    its own, by the line's name: `new_<member>`, and `new_other` for the rest.
    """

    value: Aggregate
    over: int
    split_new_by: str | None = None
    new_members: Mapping[str, str] | None = None
    risk: Risk | None = None


@dataclass(frozen=True)
class Cohort:
    """Entities by the period of their first row, and how many are there again (still there, of a span) later.

    `ages` are those that have measures of their own, `starting_<k>` and `retained_<k>`. With `margin_per` the
    value is the margin of a month, quarter or year, and the customers are valued as well.
    """

    by: Grain
    ages: tuple[int, ...]
    value: Aggregate | None = None
    margin_per: Grain | None = None


@dataclass(frozen=True)
class Conversion:
    """Entities with a row of one dataset, and those with a row of another within `within_days` after it."""

    to_dataset: str
    to_entity: str
    within_days: int
    to_where: Expression | None = None


@dataclass(frozen=True)
class Frequency:
    """How often and how recently each entity bought, as counts of (x, t_x, T) in days, weeks or months."""

    every: str  # day, week, month
    value: Aggregate | None = None


@dataclass(frozen=True)
class Voices:
    """What some said in their own words: one text of each stratum, member of `by` and month, drawn by lot.

    Only texts that meet `consent` take part. The lot is a hash of `key`, so nobody picks, and the same rows
    give the same texts. `strata` are conditions in order; a row is of the first that it meets.
    """

    text: Column
    consent: Expression
    key: Column
    strata: Mapping[str, Expression]
    score: Column | None = None
    by: Slice = ()


@dataclass(frozen=True)
class Register:
    """The newest entry of each line of a register: how it stands, by what evidence, whose it is and when.

    The lines are the derivation's entities.
    """

    status: Column
    evidence: Column
    owner: Column
    done: Expression


Rule = Bridge | Cohort | Conversion | Frequency | Voices | Register


def value_of(rule: Rule) -> Aggregate | None:
    """The sum that a rule is about; None where it counts alone."""
    return rule.value if isinstance(rule, Bridge | Cohort | Frequency) else None


def texts_read(rule: Rule) -> tuple[Expression, ...]:
    """What a rule of texts reads of a row; nothing of other rules."""
    match rule:
        case Voices():
            scores = () if rule.score is None else (rule.score,)
            return (rule.text, rule.consent, rule.key, *rule.strata.values(), *scores)
        case Register():
            return (rule.status, rule.evidence, rule.owner, rule.done)
    return ()


@dataclass(frozen=True)
class Derivation:
    """An entry of config/derivations/*.yaml, over the dataset `dataset`, whose entity is the column `entity`.

    It is read and recorded as a dataset of its own name is; `slices` includes those that its rule adds.
    `where` is a condition beside that of the dataset.
    """

    name: str
    dataset: str
    source: str
    entity: str
    rule: Rule
    slices: tuple[Slice, ...]
    measures: Mapping[str, Measure]
    freshness_days: int | None
    restate_months: int | None
    file: str = ""
    covers: Grain | None = None
    where: Expression | None = None

    @property
    def rows_of(self) -> str:
        """The dataset that its rows are from."""
        return self.dataset


def recorded_slices(rule: Rule, slices: tuple[Slice, ...]) -> Iterator[Slice]:
    """The slices that are recorded: those of the entry, and those that the rule adds."""
    yield ()
    yield from (cut for cut in slices if cut)
    if isinstance(rule, Cohort):
        yield (AGE,)
        yield from ((AGE, *cut) for cut in slices if len(cut) == 1)
    if isinstance(rule, Frequency):
        yield FREQUENCY_SLICE
    if isinstance(rule, Voices):
        yield from ((rule.by, (*rule.by, *VOICE)) if rule.by else (VOICE,))
    if isinstance(rule, Register):
        yield ENTRY
