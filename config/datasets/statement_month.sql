-- One row per published statement and month: the share of attention that it claims, and the share of variable pay that
-- is paid for it. Statements that are published hold until others are; shares of what is known add up to 1.
WITH ended AS (
    SELECT DISTINCT "month"
    FROM financial_month
    WHERE scenario = 'AC'
),
said AS (
    SELECT
        ended."month", statement.statement_key, statement.theme, statement.text,
        statement.priority_share / sum(statement.priority_share) OVER (PARTITION BY ended."month") AS stated
    FROM ended
    JOIN statement ON statement.published <= last_day(ended."month")
),
paid AS (
    SELECT
        ended."month", incentive_weight.statement_key,
        sum(incentive_weight.target_pay)
            / sum(sum(incentive_weight.target_pay)) OVER (PARTITION BY ended."month") AS paid
    FROM ended
    JOIN incentive_weight
        ON incentive_weight.valid_from = (
            SELECT max(newest.valid_from)
            FROM incentive_weight AS newest
            WHERE newest.scheme = incentive_weight.scheme
              AND newest.valid_from <= last_day(ended."month")
        )
    GROUP BY ended."month", incentive_weight.statement_key
)
SELECT
    said."month", said.theme, said.text, said.stated, coalesce(paid.paid, 0) AS paid,
    abs(said.stated - coalesce(paid.paid, 0)) AS distance
FROM said
LEFT JOIN paid ON paid."month" = said."month" AND paid.statement_key = said.statement_key
UNION ALL
SELECT paid."month", 'unstated', 'Paid for, and stated nowhere', 0, paid.paid, paid.paid
FROM paid
WHERE (paid.statement_key IS NULL
       OR NOT EXISTS (SELECT 1 FROM said
                      WHERE said."month" = paid."month" AND said.statement_key = paid.statement_key))
  AND EXISTS (SELECT 1 FROM said WHERE said."month" = paid."month")
