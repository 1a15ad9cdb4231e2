-- The first line of each customer: when, and in which country.
-- The column list renames by position, because no spelling of "Customer ID" is read alike by all databases.
WITH trade (invoice, stock_code, description, quantity, invoice_date, price, customer_id, country, sheet, amount) AS (
    SELECT * FROM online_retail_ii_dedup
),
by_country AS (
    SELECT customer_id, country, MIN(invoice_date) AS first_at
    FROM trade
    WHERE customer_id IS NOT NULL
    GROUP BY customer_id, country
),
ranked AS (
    SELECT customer_id, country, first_at,
           ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY first_at, country) AS place
    FROM by_country
)
SELECT customer_id, country, first_at FROM ranked WHERE place = 1
