-- Of each span counts the part that no earlier span of the customer covers, so parts never overlap.
SELECT moves.by_segment, moves.month, sum(moves.rows_0) AS rows_0, sum(moves.items_0) AS items_0
FROM (
    SELECT shapes.by_segment AS by_segment, CASE WHEN (edges.edge = 0) THEN shapes.month WHEN (edges.edge = 1) THEN shapes."over" WHEN (edges.edge = 2) THEN shapes.from_0 END AS month, CASE WHEN (edges.edge = 0) THEN shapes.rows_0 WHEN (edges.edge = 1) THEN -shapes.rows_0 ELSE 0 END AS rows_0, CASE WHEN (edges.edge = 2) THEN shapes.items_0 WHEN (edges.edge = 1) THEN -shapes.items_0 ELSE 0 END AS items_0
    FROM (
        SELECT parts.by_segment AS by_segment, parts.month AS month, parts."over" AS "over", parts.from_0 AS from_0, sum(parts.count_0) AS rows_0, count(parts.from_0) AS items_0
        FROM (
            SELECT seen.by_segment AS by_segment, seen.month AS month, seen."over" AS "over", seen.count_0 AS count_0, CASE WHEN (seen.count_0 = 0 OR seen.reached_0 >= seen."over") THEN NULL WHEN (seen.reached_0 > seen.month) THEN seen.reached_0 ELSE seen.month END AS from_0
            FROM (
                SELECT spans.by_segment AS by_segment, spans.month AS month, spans."over" AS "over", spans.count_0 AS count_0, max(CASE WHEN (spans.count_0 > 0) THEN spans."over" END) OVER (PARTITION BY spans.by_segment, spans.item ORDER BY spans.month, spans."over" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached_0
                FROM (
                    SELECT finest.by_segment AS by_segment, finest.month AS month, finest.item AS item, finest."over" AS "over", CAST(sum(finest.count_0) AS BIGINT) AS count_0
                    FROM (
                        SELECT coalesce(facts.by_segment, '(unknown)') AS by_segment, facts.month AS month, facts.item AS item, facts."over" AS "over", count(facts.item_0) AS count_0
                        FROM (
                            SELECT "answers"."segment" AS by_segment, CAST(date_part('year', "answers"."at") * 12 + date_part('month', "answers"."at") - 1 AS INTEGER) AS month, "answers"."customer" AS item, coalesce(CASE WHEN ("answers"."closed_on" >= '1900-01-01' AND "answers"."closed_on" < '2026-10-16') THEN CAST(date_part('year', "answers"."closed_on") * 12 + date_part('month', "answers"."closed_on") - 1 AS INTEGER) END, 119988) AS "over", "answers"."customer" AS item_0
                            FROM "answers" AS "answers"
                            WHERE "answers"."at" < '2026-10-16' AND "answers"."at" >= '1900-01-01' AND ("answers"."closed_on" IS NULL OR "answers"."closed_on" >= "answers"."at") AND (CASE WHEN ("answers"."closed_on" >= '1900-01-01' AND "answers"."closed_on" < '2026-10-16') THEN CAST(date_part('year', "answers"."closed_on") * 12 + date_part('month', "answers"."closed_on") - 1 AS INTEGER) END IS NULL OR CASE WHEN ("answers"."closed_on" >= '1900-01-01' AND "answers"."closed_on" < '2026-10-16') THEN CAST(date_part('year', "answers"."closed_on") * 12 + date_part('month', "answers"."closed_on") - 1 AS INTEGER) END > CAST(date_part('year', "answers"."at") * 12 + date_part('month', "answers"."at") - 1 AS INTEGER)) AND "answers"."customer" IS NOT NULL
                        ) AS facts
                        GROUP BY facts.item, facts."over", facts.month, facts.by_segment
                    ) AS finest
                    GROUP BY GROUPING SETS((finest.month, finest.item, finest."over"), (finest.by_segment, finest.month, finest.item, finest."over"))
                ) AS spans
            ) AS seen
        ) AS parts
        GROUP BY parts.by_segment, parts.month, parts."over", parts.from_0
    ) AS shapes JOIN (
        SELECT 0 AS edge
        UNION ALL SELECT 1 AS edge
        UNION ALL SELECT 2 AS edge
    ) AS edges ON true
) AS moves
WHERE moves.month IS NOT NULL AND moves.month < 119988
GROUP BY moves.by_segment, moves.month;
