-- One row per 90-day plan and month in which it runs. Its milestone counts in the month in which it falls due, and a
-- month in which none does is told as such, and not as a gap. A milestone that is met a day late is not met.
WITH ended AS (
    SELECT DISTINCT "month", last_day("month") AS closes
    FROM financial_month
    WHERE scenario = 'AC'
)
SELECT
    ended."month", initiative.title, initiative.owner, initiative_period.milestone, initiative_period.due,
    CAST(timezone('Europe/Amsterdam', initiative_period.met_at) AS DATE) AS met_on
FROM ended
JOIN initiative_period
    ON initiative_period.period <= ended.closes AND initiative_period.due >= ended."month"
JOIN initiative ON initiative.initiative_key = initiative_period.initiative_key
