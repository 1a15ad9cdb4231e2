"""Which statements answer for a derivation: one where the engine has GROUPING SETS, else one a slice."""

from dataclasses import dataclass
from datetime import date

from dashboard.definitions.derivation import (
    AGE,
    Bridge,
    Cohort,
    Conversion,
    Derivation,
    Frequency,
    Register,
    Voices,
)
from dashboard.measures.derived_bridge import BridgeStatement, bridge_statement
from dashboard.measures.derived_cohort import CohortStatement, cohort_statement
from dashboard.measures.derived_conversion import ConversionStatement, conversion_statement
from dashboard.measures.derived_frequency import FrequencyStatement, frequency_statement
from dashboard.measures.derived_rows import DerivedRows
from dashboard.measures.derived_texts import TextStatement, text_statements
from dashboard.measures.sharing import together
from dashboard.periods import Period, add_months, month_of

DerivedStatement = (
    BridgeStatement | CohortStatement | ConversionStatement | FrequencyStatement | TextStatement
)


@dataclass(frozen=True)
class Sources:
    """The rows that a derivation looks at; of a conversion also those of the other dataset.

    `until` is the first day that the data do not cover, of the other dataset where there is one.
    """

    rows: DerivedRows
    others: DerivedRows | None
    until: date

    @property
    def newest(self) -> Period:
        """The newest month that is over."""
        return month_of(add_months(self.until, -1))


def bridge_statements(derivation: Derivation, rule: Bridge, rows: DerivedRows) -> tuple[BridgeStatement, ...]:
    """The statements of a bridge."""
    return tuple(
        bridge_statement(rows, rule, each) for each in together(derivation.slices, rows.relation.dialect)
    )


def cohort_statements(derivation: Derivation, rule: Cohort, rows: DerivedRows) -> tuple[CohortStatement, ...]:
    """The statements of a cohort; ages are told by each of them."""
    cuts = tuple(cut for cut in derivation.slices if AGE not in cut)
    return tuple(cohort_statement(rows, rule, each) for each in together(cuts, rows.relation.dialect))


def conversion_statements(
    derivation: Derivation, rule: Conversion, sources: Sources
) -> tuple[ConversionStatement, ...]:
    """The statements of a conversion."""
    rows, others = sources.rows, sources.others or sources.rows
    return tuple(
        conversion_statement(rows, others, rule, each, until=sources.until)
        for each in together(derivation.slices, rows.relation.dialect)
    )


def derived_statements(derivation: Derivation, sources: Sources) -> tuple[DerivedStatement, ...]:
    """The statements of any derivation."""
    match derivation.rule:
        case Bridge() as rule:
            return bridge_statements(derivation, rule, sources.rows)
        case Cohort() as rule:
            return cohort_statements(derivation, rule, sources.rows)
        case Conversion() as rule:
            return conversion_statements(derivation, rule, sources)
        case Frequency() as rule:
            return (frequency_statement(sources.rows, rule, sources.newest),)
        case Voices() | Register() as rule:
            minimum = sources.rows.relation.catalog.board.minimum_group
            return text_statements(derivation, rule, sources.rows, minimum=minimum)
