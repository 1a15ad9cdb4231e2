-- Of those who consent, the text with the lowest lot of each group, month and stratum; no other.
SELECT finest.by_segment, finest.month, CAST(sum(finest.answers) AS BIGINT) AS answers, sum(finest.told) AS told
FROM (
    SELECT coalesce(facts.by_segment, '(unknown)') AS by_segment, facts.month AS month, count(*) AS answers, sum(facts.told) AS told
    FROM (
        SELECT "invoices"."segment" AS by_segment, CAST(date_part('year', "invoices"."day") * 12 + date_part('month', "invoices"."day") - 1 AS INTEGER) AS month, CASE WHEN ("invoices"."amount" > 0 AND trim("invoices"."origin") != '') THEN 1 ELSE 0 END AS told
        FROM "invoices" AS "invoices"
        WHERE "invoices"."day" < '2026-10-16' AND "invoices"."day" >= '1900-01-01' AND "invoices"."customer" IS NOT NULL
    ) AS facts
    GROUP BY facts.month, facts.by_segment
) AS finest
GROUP BY GROUPING SETS((finest.month), (finest.by_segment, finest.month));
SELECT coalesce(drawn.by_segment, '(unknown)') AS by_segment, drawn.month, drawn.stratum, drawn.score, drawn.text, drawn.lot, drawn.answers
FROM (
    SELECT counted.by_segment AS by_segment, counted.month AS month, counted.stratum AS stratum, counted.score AS score, counted.text AS text, counted.lot AS lot, counted.told AS told, counted.answers AS answers, row_number() OVER (PARTITION BY counted.by_segment, counted.month, counted.stratum ORDER BY counted.lot, counted.text) AS place
    FROM (
        SELECT facts.by_segment AS by_segment, facts.month AS month, facts.stratum AS stratum, facts.score AS score, facts.text AS text, facts.lot AS lot, facts.told AS told, count(*) OVER (PARTITION BY facts.by_segment, facts.month) AS answers
        FROM (
            SELECT "invoices"."segment" AS by_segment, CAST(date_part('year', "invoices"."day") * 12 + date_part('month', "invoices"."day") - 1 AS INTEGER) AS month, CASE WHEN ("invoices"."amount" < 20) THEN 0 WHEN ("invoices"."amount" >= 20) THEN 1 END AS stratum, "invoices"."amount" AS score, "invoices"."origin" AS text, md5('derived ' || coalesce("invoices"."customer", '')) AS lot, CASE WHEN ("invoices"."amount" > 0 AND trim("invoices"."origin") != '') THEN 1 ELSE 0 END AS told
            FROM "invoices" AS "invoices"
            WHERE "invoices"."day" < '2026-10-16' AND "invoices"."day" >= '1900-01-01' AND "invoices"."customer" IS NOT NULL
        ) AS facts
    ) AS counted
    WHERE counted.told = 1 AND counted.stratum IS NOT NULL AND counted.answers >= 1
) AS drawn
WHERE drawn.place = 1 ORDER BY drawn.month, drawn.stratum;
