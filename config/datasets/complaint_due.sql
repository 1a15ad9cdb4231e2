-- What falls due after the newest complaint is not due yet as far as these data tell.
SELECT complaint_key, customer_key, reason, due_at, closed_at
FROM complaint
WHERE due_at <= (SELECT max(received_at) FROM complaint)
