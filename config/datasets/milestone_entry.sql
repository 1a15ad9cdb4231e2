-- What happened to the milestone of each 90-day plan, an entry each: planned, met, overdue from the day after it was
-- due, and left when its initiative ended without it.
WITH known AS (
    SELECT max(last_day("month")) AS until
    FROM financial_month
    WHERE scenario = 'AC'
),
plan AS (
    SELECT
        initiative.title || ', ' || initiative_period.milestone AS milestone, initiative.owner, initiative."end",
        initiative_period.period, initiative_period.due,
        CAST(timezone('Europe/Amsterdam', initiative_period.met_at) AS DATE) AS met_on
    FROM initiative_period
    JOIN initiative ON initiative.initiative_key = initiative_period.initiative_key
),
entry AS (
    SELECT milestone, owner, due, period AS happened_on, 'planned' AS status FROM plan
    UNION ALL
    SELECT milestone, owner, due, due + 1, 'overdue' FROM plan WHERE met_on IS NULL OR met_on > due + 1
    UNION ALL
    SELECT milestone, owner, due, met_on, CASE WHEN met_on <= due THEN 'met' ELSE 'met late' END
    FROM plan
    WHERE met_on IS NOT NULL
    UNION ALL
    SELECT milestone, owner, due, greatest(due + 2, "end"), 'left' FROM plan WHERE met_on IS NULL AND "end" IS NOT NULL
)
SELECT milestone, owner, status, happened_on, 'due ' || strftime(due, '%-d %B %Y') AS due_on
FROM entry
CROSS JOIN known
WHERE happened_on <= until
