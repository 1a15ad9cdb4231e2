-- The newest entry of each line and month, and no other row, leaves the source.
SELECT facts.month, count(*) AS answers, sum(facts.told) AS told
FROM (
    SELECT CAST(date_part('year', "invoices"."day") * 12 + date_part('month', "invoices"."day") - 1 AS INTEGER) AS month, 1 AS told
    FROM "invoices" AS "invoices"
    WHERE "invoices"."day" < '2026-10-16' AND "invoices"."day" >= '1900-01-01' AND "invoices"."customer" IS NOT NULL
) AS facts
GROUP BY facts.month;
SELECT drawn.month, drawn.line, drawn.status, drawn.evidence, drawn.owner, drawn.day, drawn.done
FROM (
    SELECT facts.month AS month, facts.line AS line, facts.status AS status, facts.evidence AS evidence, facts.owner AS owner, facts.day AS day, facts.done AS done, row_number() OVER (PARTITION BY facts.month, facts.line ORDER BY facts.day DESC, coalesce(facts.line, '') DESC, coalesce(facts.status, '') DESC, coalesce(facts.evidence, '') DESC, coalesce(facts.owner, '') DESC) AS place
    FROM (
        SELECT CAST(date_part('year', "invoices"."day") * 12 + date_part('month', "invoices"."day") - 1 AS INTEGER) AS month, "invoices"."customer" AS line, "invoices"."segment" AS status, "invoices"."origin" AS evidence, "invoices"."origin" AS owner, "invoices"."day" AS day, CASE WHEN ("invoices"."amount" > 0) THEN 1 ELSE 0 END AS done
        FROM "invoices" AS "invoices"
        WHERE "invoices"."day" < '2026-10-16' AND "invoices"."day" >= '1900-01-01' AND "invoices"."customer" IS NOT NULL
    ) AS facts
) AS drawn
WHERE drawn.place = 1 ORDER BY drawn.month, drawn.line;
