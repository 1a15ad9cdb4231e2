-- One row per customer-facing role and month: whether its protocol was inspected in the twelve months to its end. The
-- list of roles is today's; one that was never inspected is on it with a status other than done.
WITH ended AS (
    SELECT DISTINCT "month", last_day("month") AS closes
    FROM financial_month
    WHERE scenario = 'AC'
),
role_list AS (
    SELECT DISTINCT "role", department_key
    FROM protocol_review
    WHERE "role" <> 'Company'
)
SELECT
    ended."month", role_list."role", role_list.department_key,
    EXISTS (
        SELECT 1
        FROM protocol_review
        WHERE protocol_review."role" = role_list."role"
          AND protocol_review.status = 'done'
          AND protocol_review.review_date <= ended.closes
          AND protocol_review.review_date > ended.closes - INTERVAL 12 MONTH
    ) AS inspected
FROM ended
CROSS JOIN role_list
