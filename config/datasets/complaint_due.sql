-- What falls due after the last month that the accounts cover is not due yet as far as these data tell.
SELECT complaint_key, customer_key, reason, due_at, closed_at
FROM complaint
WHERE timezone('Europe/Amsterdam', due_at) < (
    SELECT last_day(max("month")) + INTERVAL 1 DAY
    FROM financial_month
    WHERE scenario = 'AC'
)
