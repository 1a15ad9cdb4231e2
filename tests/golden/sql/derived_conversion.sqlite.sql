-- Both datasets in one order of time: the least moment seen so far from the end is the next one.
WITH entries AS (
    SELECT finest.month AS month, finest.entity AS entity, finest.moment AS moment
    FROM (
        SELECT facts.month AS month, facts.entity AS entity, min(facts.moment) AS moment
        FROM (
            SELECT "invoices"."customer" AS entity, (CAST(strftime('%Y', "invoices"."day") AS INTEGER) * 12 + CAST(strftime('%m', "invoices"."day") AS INTEGER) - 1) AS month, CAST(julianday(date("invoices"."day")) - 1721425.5 AS INTEGER) AS moment
            FROM "invoices" AS "invoices"
            WHERE "invoices"."day" < '2026-10-16' AND "invoices"."day" >= '1900-01-01' AND "invoices"."customer" IS NOT NULL
        ) AS facts
        GROUP BY facts.entity, facts.month
    ) AS finest
) SELECT entry.month, count(*) AS entered, sum(CASE WHEN (entry.moment / 1 + 90 < 739904) THEN 1 ELSE 0 END) AS eligible, sum(CASE WHEN (entry.moment / 1 + 90 < 739904 AND entry.next / 1 - entry.moment / 1 <= 90) THEN 1 ELSE 0 END) AS converted
FROM (
    SELECT both.month AS month, both.moment AS moment, min(both.other) OVER (PARTITION BY both.entity ORDER BY both.at DESC) AS next
    FROM (
        SELECT entries.entity AS entity, entries.month AS month, entries.moment AS moment, entries.moment AS at, CAST(NULL AS BIGINT) AS other
        FROM entries
        UNION ALL SELECT found.entity AS entity, CAST(NULL AS INTEGER) AS month, found.moment AS moment, found.moment - 1 AS at, found.moment AS other
        FROM (
            SELECT rows.entity AS entity, rows.moment AS moment
            FROM (
                SELECT "invoices"."customer" AS entity, CAST(julianday(date("invoices"."day")) - 1721425.5 AS INTEGER) AS moment
                FROM "invoices" AS "invoices"
                WHERE "invoices"."day" < '2026-10-16' AND "invoices"."day" >= '1900-01-01' AND "invoices"."customer" IS NOT NULL
            ) AS rows
            GROUP BY rows.entity, rows.moment
        ) AS found
    ) AS both
) AS entry
WHERE entry.month IS NOT NULL
GROUP BY entry.month;
