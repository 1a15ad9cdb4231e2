-- One row per owner and month: how many customer actions are open in the owner's name at its end. An action is an
-- initiative that is under way, or the target of a customer KPI that is in force, for the company or a department.
WITH ended AS (
    SELECT DISTINCT "month", last_day("month") AS closes
    FROM financial_month
    WHERE scenario = 'AC'
),
open_action AS (
    SELECT ended."month", initiative.owner
    FROM ended
    JOIN initiative
        ON initiative.start <= ended.closes
       AND (initiative."end" IS NULL OR initiative."end" > ended.closes)
    UNION ALL
    SELECT ended."month", target.owner
    FROM ended
    JOIN target
        ON target.valid_from = (
            SELECT max(newest.valid_from)
            FROM target AS newest
            WHERE newest.kpi_id = target.kpi_id
              AND newest.scope = target.scope
              AND newest.valid_from <= ended.closes
        )
    WHERE target.kpi_id IN (
        'net_promoter_score', 'trust_score', 'voluntary_churn_rate', 'customer_effort_score',
        'right_first_time_rate', 'complaints_per_1000', 'first_contact_resolution'
    )
)
SELECT "month", owner, count(*) AS actions
FROM open_action
WHERE owner IS NOT NULL
GROUP BY "month", owner
