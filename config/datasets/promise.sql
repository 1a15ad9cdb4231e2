-- What was promised for a day after the newest promise is not due yet as far as these data tell.
SELECT promise_key, customer_key, kind, promised_at, met_at, coalesce(redated, false) AS redated
FROM promise
WHERE promised_at <= (SELECT max(made_at) FROM promise)
