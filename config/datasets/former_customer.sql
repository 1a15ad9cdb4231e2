-- One row per customer who left, by the day on which 90 days were over since. Those who do not consent to being asked
-- are kept, and marked. Later ones cannot be judged yet, and are left out.
WITH newest AS (
    SELECT last_day(max("month")) AS day_closed
    FROM financial_month
    WHERE scenario = 'AC'
),
left_us AS (
    SELECT
        case_key, customer_key, timezone('Europe/Amsterdam', min(left_at)) AS left_at,
        timezone('Europe/Amsterdam', min(contacted_at) FILTER (WHERE verified_by = 'interview')) AS interviewed_at
    FROM exit_case
    WHERE kind = 'former_customer'
    GROUP BY case_key, customer_key
)
SELECT
    left_us.case_key, left_us.customer_key, left_us.left_at + INTERVAL 90 DAY AS judged_at,
    coalesce(customer.consent_research, false) AS may_be_asked,
    coalesce(left_us.interviewed_at <= left_us.left_at + INTERVAL 90 DAY, false) AS heard
FROM left_us
JOIN customer ON customer.customer_key = left_us.customer_key
CROSS JOIN newest
WHERE left_us.left_at + INTERVAL 90 DAY < newest.day_closed + INTERVAL 1 DAY
