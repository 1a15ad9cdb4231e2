-- Customers who are to be called back within two days: those whose answer alarmed us, and those who complained;
-- of complaints that is 48 hours, which are the same in every time zone. An alert that falls due after the day up
-- to which anything is known cannot be judged, and is left out.
WITH raised AS (
    SELECT customer_key, 'survey' AS kind, alert_due_at AS due_at, alert_contacted_at AS contacted_at
    FROM survey_response
    WHERE alert_due_at IS NOT NULL
    UNION ALL
    SELECT customer_key, 'complaint', received_at + INTERVAL 48 HOUR, alert_contacted_at
    FROM complaint
)
SELECT customer_key, kind, due_at, contacted_at
FROM raised
WHERE due_at <= (SELECT max(answered_at) FROM survey_response)
