-- One row per customer who has complained, from the first complaint until the month in which they left; and one beside it
-- of somebody of the same segment and region who was a customer in that month and had not complained until its end. The
-- lot picks them, among all who were there, month by month: so those who stay long are not chosen less than others. The
-- same customer may stand beside several.
WITH first_complaint AS (
    SELECT customer_key, CAST(timezone('Europe/Amsterdam', min(received_at)) AS DATE) AS began_on
    FROM complaint
    WHERE customer_key IS NOT NULL
    GROUP BY customer_key
),
complainant AS (
    SELECT
        first_complaint.customer_key, first_complaint.began_on, customer.segment, customer.region,
        CAST(date_trunc('month', first_complaint.began_on) AS DATE) AS "month",
        row_number() OVER (
            PARTITION BY customer.segment, customer.region, date_trunc('month', first_complaint.began_on)
            ORDER BY md5(first_complaint.customer_key)
        ) AS place
    FROM first_complaint
    JOIN customer ON customer.customer_key = first_complaint.customer_key
),
other AS (
    SELECT
        customer_month.customer_key, customer_month."month", customer.segment, customer.region,
        row_number() OVER (
            PARTITION BY customer.segment, customer.region, customer_month."month"
            ORDER BY md5(customer_month.customer_key || CAST(customer_month."month" AS VARCHAR))
        ) AS place
    FROM customer_month
    JOIN customer ON customer.customer_key = customer_month.customer_key
    LEFT JOIN first_complaint ON first_complaint.customer_key = customer_month.customer_key
    WHERE
        customer_month.active
        AND (first_complaint.began_on IS NULL OR first_complaint.began_on > last_day(customer_month."month"))
),
matched AS (
    SELECT
        complainant.began_on, complainant.customer_key AS who_complained, other.customer_key AS who_did_not
    FROM complainant
    JOIN other
        ON other.segment = complainant.segment AND other.region = complainant.region
        AND other."month" = complainant."month" AND other.place = complainant.place
),
followed AS (
    SELECT who_complained AS customer_key, began_on, 'Complained' AS band
    FROM matched
    UNION ALL
    SELECT who_did_not AS customer_key, began_on, 'Had not complained' AS band
    FROM matched
)
SELECT
    followed.customer_key || ' ' || CAST(followed.began_on AS VARCHAR) || ' ' || followed.band AS stay_key,
    followed.began_on, followed.band,
    min(left_us."month") AS left_on
FROM followed
LEFT JOIN customer_month AS left_us
    ON left_us.customer_key = followed.customer_key
    AND left_us.status = 'lost' AND left_us."month" > followed.began_on
GROUP BY followed.customer_key, followed.began_on, followed.band
