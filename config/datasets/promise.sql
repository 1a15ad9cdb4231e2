-- What was promised for a day after the last month that the accounts cover is not due yet as far as these data tell.
SELECT promise_key, customer_key, kind, promised_at, met_at, coalesce(redated, false) AS redated
FROM promise
WHERE timezone('Europe/Amsterdam', promised_at) < (
    SELECT last_day(max("month")) + INTERVAL 1 DAY
    FROM financial_month
    WHERE scenario = 'AC'
)
