-- Both datasets in one order of time: the least moment seen so far from the end is the next one.
WITH entries AS (
    SELECT finest.month AS month, finest.entity AS entity, finest.moment AS moment
    FROM (
        SELECT facts.month AS month, facts.entity AS entity, min(facts.moment) AS moment
        FROM (
            SELECT "invoices"."customer" AS entity, (year("invoices"."day") * 12 + month("invoices"."day") - 1) AS month, (CAST("invoices"."day" AS DATE) - DATE '0001-01-01') AS moment
            FROM "invoices" AS "invoices"
            WHERE "invoices"."day" < '2026-10-16' AND "invoices"."day" >= '1900-01-01' AND "invoices"."customer" IS NOT NULL
        ) AS facts
        GROUP BY facts.entity, facts.month
    ) AS finest
) SELECT entry.month, count(*) AS entered, sum(CASE WHEN (FLOOR(entry.moment / 1) + 90 < 739904) THEN 1 ELSE 0 END) AS eligible, sum(CASE WHEN (FLOOR(entry.moment / 1) + 90 < 739904 AND FLOOR(entry.next / 1) - FLOOR(entry.moment / 1) <= 90) THEN 1 ELSE 0 END) AS converted
FROM (
    SELECT "both".month AS month, "both".moment AS moment, min("both".other) OVER (PARTITION BY "both".entity ORDER BY "both"."at" DESC) AS next
    FROM (
        SELECT entries.entity AS entity, entries.month AS month, entries.moment AS moment, entries.moment AS "at", CAST(NULL AS BIGINT) AS other
        FROM entries
        UNION ALL SELECT found.entity AS entity, CAST(NULL AS INTEGER) AS month, found.moment AS moment, found.moment - 1 AS "at", found.moment AS other
        FROM (
            SELECT rows.entity AS entity, rows.moment AS moment
            FROM (
                SELECT "invoices"."customer" AS entity, (CAST("invoices"."day" AS DATE) - DATE '0001-01-01') AS moment
                FROM "invoices" AS "invoices"
                WHERE "invoices"."day" < '2026-10-16' AND "invoices"."day" >= '1900-01-01' AND "invoices"."customer" IS NOT NULL
            ) AS rows
            GROUP BY rows.entity, rows.moment
        ) AS found
    ) AS "both"
) AS entry
WHERE entry.month IS NOT NULL
GROUP BY entry.month;
