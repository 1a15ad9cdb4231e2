-- Each row is laid out as steps into and out of two running values; lines change where they do.
SELECT changes.by_segment, changes.month, sum(changes.opening) AS opening, sum(changes.opening_count) AS opening_count, sum(changes.lost) AS lost, sum(changes.lost_count) AS lost_count, sum(changes.contracted) AS contracted, sum(changes.contracted_count) AS contracted_count, sum(changes.expanded) AS expanded, sum(changes.expanded_count) AS expanded_count, sum(changes.reactivated) AS reactivated, sum(changes.reactivated_count) AS reactivated_count, sum(changes."new") AS "new", sum(changes.new_count) AS new_count, sum(changes.closing) AS closing, sum(changes.closing_count) AS closing_count, sum(changes.below_zero) AS below_zero, sum(changes.below_zero_count) AS below_zero_count
FROM (
    SELECT begun.by_segment AS by_segment, begun.month AS month, sum(CASE WHEN (begun.side = 0 AND begun.kind IN (1, 2, 3, 4, 5)) THEN begun.opening * begun.sign ELSE 0 END) AS opening, sum(CASE WHEN (begun.side = 0 AND begun.kind IN (1, 2, 3, 4, 5)) THEN begun.entities * begun.sign ELSE 0 END) AS opening_count, sum(CASE WHEN (begun.side = 0 AND begun.kind IN (4, 5)) THEN begun.opening * begun.sign ELSE 0 END) AS lost, sum(CASE WHEN (begun.side = 0 AND begun.kind IN (4, 5)) THEN begun.entities * begun.sign ELSE 0 END) AS lost_count, sum(CASE WHEN (begun.side = 0 AND begun.kind = 1) THEN (begun.opening - begun.closing) * begun.sign ELSE 0 END) AS contracted, sum(CASE WHEN (begun.side = 0 AND begun.kind = 1) THEN begun.entities * begun.sign ELSE 0 END) AS contracted_count, sum(CASE WHEN (begun.side = 0 AND begun.kind = 2) THEN (begun.closing - begun.opening) * begun.sign ELSE 0 END) AS expanded, sum(CASE WHEN (begun.side = 0 AND begun.kind = 2) THEN begun.entities * begun.sign ELSE 0 END) AS expanded_count, sum(CASE WHEN (begun.side = 1 AND begun.kind = 6) THEN begun.closing * begun.sign ELSE 0 END) AS reactivated, sum(CASE WHEN (begun.side = 1 AND begun.kind = 6) THEN begun.entities * begun.sign ELSE 0 END) AS reactivated_count, sum(CASE WHEN (begun.side = 1 AND begun.kind = 7) THEN begun.closing * begun.sign ELSE 0 END) AS "new", sum(CASE WHEN (begun.side = 1 AND begun.kind = 7) THEN begun.entities * begun.sign ELSE 0 END) AS new_count, sum(CASE WHEN (begun.side = 1 AND begun.kind IN (1, 2, 3, 6, 7)) THEN begun.closing * begun.sign ELSE 0 END) AS closing, sum(CASE WHEN (begun.side = 1 AND begun.kind IN (1, 2, 3, 6, 7)) THEN begun.entities * begun.sign ELSE 0 END) AS closing_count, sum(CASE WHEN (begun.side = 1 AND begun.kind IN (4, 8)) THEN begun.closing * begun.sign ELSE 0 END) AS below_zero, sum(CASE WHEN (begun.side = 1 AND begun.kind IN (4, 8)) THEN begun.entities * begun.sign ELSE 0 END) AS below_zero_count
    FROM (
        SELECT CASE WHEN (edge_side_numbers.side = 0) THEN kinds.then_segment ELSE kinds.now_segment END AS by_segment, CASE WHEN (edge_side_numbers.edge = 0) THEN kinds.month ELSE kinds.until END AS month, kinds.kind AS kind, kinds.now_segment AS now_segment, kinds.opening AS opening, kinds.closing AS closing, kinds.entities AS entities, 1 - 2 * edge_side_numbers.edge AS sign, edge_side_numbers.side AS side
        FROM (
            SELECT looked_at.month AS month, looked_at.until AS until, looked_at.kind AS kind, looked_at.then_segment AS then_segment, looked_at.now_segment AS now_segment, sum(looked_at.opening) AS opening, sum(looked_at.closing) AS closing, count(*) AS entities
            FROM (
                SELECT states.month AS month, states.until AS until, states.closing AS closing, states.opening AS opening, states.now_segment AS now_segment, states.then_segment AS then_segment, CASE WHEN (states.opening > 1e-06 AND states.closing > 1e-06 AND states.opening - states.closing > 1e-06) THEN 1 WHEN (states.opening > 1e-06 AND states.closing > 1e-06 AND states.closing - states.opening > 1e-06) THEN 2 WHEN (states.opening > 1e-06 AND states.closing > 1e-06) THEN 3 WHEN (states.opening > 1e-06 AND states.closing < -1e-06) THEN 4 WHEN (states.opening > 1e-06) THEN 5 WHEN (states.closing > 1e-06 AND states.before > 0) THEN 6 WHEN (states.closing > 1e-06) THEN 7 WHEN (states.closing < -1e-06) THEN 8 END AS kind
                FROM (
                    SELECT told.month AS month, told.until AS until, told.closing AS closing, told.opening AS opening, max(CASE WHEN (told.opening > 1e-06) THEN 1 ELSE 0 END) OVER (PARTITION BY told.entity ORDER BY told.month) AS before, substr(told.now_segment, 6) AS now_segment, substr(told.then_segment, 6) AS then_segment
                    FROM (
                        SELECT points.entity AS entity, points.month AS month, lead(points.month) OVER (PARTITION BY points.entity ORDER BY points.month) AS until, sum(points.closing) OVER (PARTITION BY points.entity ORDER BY points.month) AS closing, sum(points.opening) OVER (PARTITION BY points.entity ORDER BY points.month) AS opening, max(CAST(points.month AS VARCHAR) || points.now_segment) OVER (PARTITION BY points.entity ORDER BY points.month) AS now_segment, max(CAST(points.month AS VARCHAR) || points.then_segment) OVER (PARTITION BY points.entity ORDER BY points.month) AS then_segment
                        FROM (
                            SELECT laid.entity AS entity, laid.month AS month, sum(laid.value * laid.closing) AS closing, sum(laid.value * laid.opening) AS opening, min(CASE WHEN (laid.is_now = 1 AND laid.latest = 1) THEN laid.by_segment END) AS now_segment, min(CASE WHEN (laid.is_then = 1 AND laid.latest = 1) THEN laid.by_segment END) AS then_segment
                            FROM (
                                SELECT history.entity AS entity, history.by_segment AS by_segment, history.value AS value, history.latest AS latest, history.month + step_shift_closing_opening_is_now_is_then_numbers.shift AS month, step_shift_closing_opening_is_now_is_then_numbers.closing AS closing, step_shift_closing_opening_is_now_is_then_numbers.opening AS opening, step_shift_closing_opening_is_now_is_then_numbers.is_now AS is_now, step_shift_closing_opening_is_now_is_then_numbers.is_then AS is_then
                                FROM (
                                    SELECT finest.month AS month, finest.entity AS entity, finest.by_segment AS by_segment, coalesce(finest.value, 0) AS value, CASE WHEN (finest.latest = max(finest.latest) OVER (PARTITION BY finest.entity, finest.month)) THEN 1 ELSE 0 END AS latest
                                    FROM (
                                        SELECT coalesce(facts.by_segment, '(unknown)') AS by_segment, facts.month AS month, facts.entity AS entity, sum(facts.value) AS value, max(facts.latest) AS latest
                                        FROM (
                                            SELECT "invoices"."segment" AS by_segment, "invoices"."customer" AS entity, "invoices"."amount" AS value, CAST(date_part('year', "invoices"."day") * 12 + date_part('month', "invoices"."day") - 1 AS INTEGER) AS month, "invoices"."day" AS latest
                                            FROM "invoices" AS "invoices"
                                            WHERE "invoices"."day" < '2026-10-16' AND "invoices"."day" >= '1900-01-01' AND "invoices"."customer" IS NOT NULL
                                        ) AS facts
                                        GROUP BY facts.entity, facts.month, facts.by_segment
                                    ) AS finest
                                ) AS history JOIN (
                                    SELECT 0 AS step, 0 AS shift, 1 AS closing, 0 AS opening, 1 AS is_now, 0 AS is_then
                                    UNION ALL SELECT 1 AS step, 12 AS shift, -1 AS closing, 1 AS opening, 0 AS is_now, 1 AS is_then
                                    UNION ALL SELECT 2 AS step, 24 AS shift, 0 AS closing, -1 AS opening, 0 AS is_now, 0 AS is_then
                                ) AS step_shift_closing_opening_is_now_is_then_numbers ON true
                                WHERE history.month + step_shift_closing_opening_is_now_is_then_numbers.shift <= 24321
                            ) AS laid
                            GROUP BY laid.entity, laid.month
                        ) AS points
                    ) AS told
                ) AS states
            ) AS looked_at
            WHERE looked_at.kind IS NOT NULL
            GROUP BY looked_at.month, looked_at.until, looked_at.kind, looked_at.then_segment, looked_at.now_segment
        ) AS kinds JOIN (
            SELECT 0 AS edge, 0 AS side
            UNION ALL SELECT 0 AS edge, 1 AS side
            UNION ALL SELECT 1 AS edge, 0 AS side
            UNION ALL SELECT 1 AS edge, 1 AS side
        ) AS edge_side_numbers ON true
        WHERE CASE WHEN (edge_side_numbers.side = 0) THEN kinds.kind IN (1, 2, 3, 4, 5) ELSE kinds.kind != 5 END AND (edge_side_numbers.edge = 0 OR kinds.until IS NOT NULL)
    ) AS begun
    GROUP BY begun.by_segment, begun.month
) AS changes
GROUP BY GROUPING SETS((changes.month), (changes.by_segment, changes.month));
