-- Periods with a row are counted by entity, and entities by what came of that.
SELECT of_one.x, of_one.t_x, of_one.t, count(*) AS count_1, sum(of_one.value) AS sum_1
FROM (
    SELECT count(*) - 1 AS x, max(each.month) - min(each.month) AS t_x, 105698 - min(each.month) AS t, sum(CASE WHEN (each.month > each.first) THEN each.value END) AS value
    FROM (
        SELECT finest.entity AS entity, finest.month AS month, finest.value AS value, min(finest.month) OVER (PARTITION BY finest.entity) AS first
        FROM (
            SELECT facts.month AS month, facts.entity AS entity, sum(facts.value) AS value
            FROM (
                SELECT "invoices"."customer" AS entity, FLOOR((CAST("invoices"."day" AS DATE) - DATE '0001-01-01') / 7) AS month, "invoices"."amount" AS value
                FROM "invoices" AS "invoices"
                WHERE "invoices"."day" < '2026-10-16' AND "invoices"."day" >= '1900-01-01' AND "invoices"."customer" IS NOT NULL AND (year("invoices"."day") * 12 + month("invoices"."day") - 1) < 24321
            ) AS facts
            GROUP BY facts.entity, facts.month
        ) AS finest
    ) AS each
    GROUP BY each.entity
) AS of_one
GROUP BY of_one.x, of_one.t_x, of_one.t;
