-- An entity's first period is a window over its periods; the answer is a triangle of counts.
SELECT seen.by_segment, seen.month, seen.period, sum(seen.active) AS active, sum(seen.value) AS value, sum(seen.size) AS size
FROM (
    SELECT born.by_segment AS by_segment, born.month AS month, born.period AS period, count(*) AS active, sum(born.value) AS value, sum(CASE WHEN (born.period = born.month) THEN 1 ELSE 0 END) AS size
    FROM (
        SELECT each.by_segment AS by_segment, each.entity AS entity, each.period AS period, each.value AS value, min(each.period) OVER (PARTITION BY each.entity) AS month
        FROM (
            SELECT history.by_segment AS by_segment, history.entity AS entity, history.month - (history.month + 12) % 3 AS period, sum(history.value) AS value
            FROM (
                SELECT dated.month AS month, dated.entity AS entity, dated.value AS value, min(CASE WHEN (dated.first = 1) THEN dated.by_segment END) OVER (PARTITION BY dated.entity) AS by_segment
                FROM (
                    SELECT finest.month AS month, finest.entity AS entity, finest.value AS value, finest.by_segment AS by_segment, CASE WHEN (finest.first = min(finest.first) OVER (PARTITION BY finest.entity)) THEN 1 ELSE 0 END AS first
                    FROM (
                        SELECT coalesce(facts.by_segment, '(unknown)') AS by_segment, facts.month AS month, facts.entity AS entity, sum(facts.value) AS value, min(facts.first) AS first
                        FROM (
                            SELECT "invoices"."segment" AS by_segment, "invoices"."customer" AS entity, "invoices"."amount" AS value, (year("invoices"."day") * 12 + month("invoices"."day") - 1) AS month, "invoices"."day" AS first
                            FROM "invoices" AS "invoices"
                            WHERE "invoices"."day" < '2026-10-16' AND "invoices"."day" >= '1900-01-01' AND "invoices"."customer" IS NOT NULL
                        ) AS facts
                        GROUP BY facts.entity, facts.month, facts.by_segment
                    ) AS finest
                ) AS dated
            ) AS history
            GROUP BY history.by_segment, history.entity, history.month - (history.month + 12) % 3
        ) AS each
    ) AS born
    GROUP BY born.by_segment, born.month, born.period
) AS seen
GROUP BY GROUPING SETS((seen.month, seen.period), (seen.by_segment, seen.month, seen.period));
