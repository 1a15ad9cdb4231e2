-- Each row is laid out as steps into and out of two running values; lines change where they do.
SELECT changes.by_segment, changes.month, sum(changes.opening) AS opening, sum(changes.opening_count) AS opening_count, sum(changes.lost) AS lost, sum(changes.lost_count) AS lost_count, sum(changes.contracted) AS contracted, sum(changes.contracted_count) AS contracted_count, sum(changes.expanded) AS expanded, sum(changes.expanded_count) AS expanded_count, sum(changes.reactivated) AS reactivated, sum(changes.reactivated_count) AS reactivated_count, sum(changes."new") AS "new", sum(changes.new_count) AS new_count, sum(changes.closing) AS closing, sum(changes.closing_count) AS closing_count, sum(changes.below_zero) AS below_zero, sum(changes.below_zero_count) AS below_zero_count
FROM (
    SELECT begun.by_segment AS by_segment, begun.month AS month, sum(CASE WHEN (begun.side = 0 AND begun.opening > 1e-06) THEN begun.opening * begun.sign ELSE 0 END) AS opening, sum(CASE WHEN (begun.side = 0 AND begun.opening > 1e-06) THEN begun.sign ELSE 0 END) AS opening_count, sum(CASE WHEN (begun.side = 0 AND begun.opening > 1e-06 AND begun.closing <= 1e-06) THEN begun.opening * begun.sign ELSE 0 END) AS lost, sum(CASE WHEN (begun.side = 0 AND begun.opening > 1e-06 AND begun.closing <= 1e-06) THEN begun.sign ELSE 0 END) AS lost_count, sum(CASE WHEN (begun.side = 0 AND begun.opening > 1e-06 AND begun.closing > 1e-06 AND begun.opening - begun.closing > 1e-06) THEN (begun.opening - begun.closing) * begun.sign ELSE 0 END) AS contracted, sum(CASE WHEN (begun.side = 0 AND begun.opening > 1e-06 AND begun.closing > 1e-06 AND begun.opening - begun.closing > 1e-06) THEN begun.sign ELSE 0 END) AS contracted_count, sum(CASE WHEN (begun.side = 0 AND begun.opening > 1e-06 AND begun.closing > 1e-06 AND begun.closing - begun.opening > 1e-06) THEN (begun.closing - begun.opening) * begun.sign ELSE 0 END) AS expanded, sum(CASE WHEN (begun.side = 0 AND begun.opening > 1e-06 AND begun.closing > 1e-06 AND begun.closing - begun.opening > 1e-06) THEN begun.sign ELSE 0 END) AS expanded_count, sum(CASE WHEN (begun.side = 1 AND begun.opening <= 1e-06 AND begun.closing > 1e-06 AND begun.before > 0) THEN begun.closing * begun.sign ELSE 0 END) AS reactivated, sum(CASE WHEN (begun.side = 1 AND begun.opening <= 1e-06 AND begun.closing > 1e-06 AND begun.before > 0) THEN begun.sign ELSE 0 END) AS reactivated_count, sum(CASE WHEN (begun.side = 1 AND begun.opening <= 1e-06 AND begun.closing > 1e-06 AND begun.before = 0) THEN begun.closing * begun.sign ELSE 0 END) AS "new", sum(CASE WHEN (begun.side = 1 AND begun.opening <= 1e-06 AND begun.closing > 1e-06 AND begun.before = 0) THEN begun.sign ELSE 0 END) AS new_count, sum(CASE WHEN (begun.side = 1 AND begun.closing > 1e-06) THEN begun.closing * begun.sign ELSE 0 END) AS closing, sum(CASE WHEN (begun.side = 1 AND begun.closing > 1e-06) THEN begun.sign ELSE 0 END) AS closing_count, sum(CASE WHEN (begun.side = 1 AND begun.closing < -1e-06) THEN begun.closing * begun.sign ELSE 0 END) AS below_zero, sum(CASE WHEN (begun.side = 1 AND begun.closing < -1e-06) THEN begun.sign ELSE 0 END) AS below_zero_count
    FROM (
        SELECT CASE WHEN (edge_side_numbers.side = 0) THEN states.then_segment ELSE states.now_segment END AS by_segment, CASE WHEN (edge_side_numbers.edge = 0) THEN states.month ELSE states.until END AS month, states.closing AS closing, states.opening AS opening, states.before AS before, states.now_segment AS now_segment, 1 - 2 * edge_side_numbers.edge AS sign, edge_side_numbers.side AS side
        FROM (
            SELECT told.month AS month, told.until AS until, told.closing AS closing, told.opening AS opening, max(CASE WHEN (told.opening > 1e-06) THEN 1 ELSE 0 END) OVER (PARTITION BY told.entity ORDER BY told.month) AS before, max(told.now_segment) OVER (PARTITION BY told.entity, told.now_row) AS now_segment, max(told.then_segment) OVER (PARTITION BY told.entity, told.then_row) AS then_segment
            FROM (
                SELECT points.entity AS entity, points.month AS month, lead(points.month) OVER (PARTITION BY points.entity ORDER BY points.month) AS until, sum(points.closing) OVER (PARTITION BY points.entity ORDER BY points.month) AS closing, sum(points.opening) OVER (PARTITION BY points.entity ORDER BY points.month) AS opening, sum(points.is_now) OVER (PARTITION BY points.entity ORDER BY points.month) AS now_row, sum(points.is_then) OVER (PARTITION BY points.entity ORDER BY points.month) AS then_row, points.now_segment AS now_segment, points.then_segment AS then_segment
                FROM (
                    SELECT laid.entity AS entity, laid.month AS month, sum(laid.value * laid.closing) AS closing, sum(laid.value * laid.opening) AS opening, max(laid.is_now) AS is_now, max(laid.is_then) AS is_then, min(CASE WHEN (laid.is_now = 1 AND laid.latest = 1) THEN laid.by_segment END) AS now_segment, min(CASE WHEN (laid.is_then = 1 AND laid.latest = 1) THEN laid.by_segment END) AS then_segment
                    FROM (
                        SELECT history.entity AS entity, history.by_segment AS by_segment, history.value AS value, history.latest AS latest, history.month + step_shift_closing_opening_is_now_is_then_numbers.shift AS month, step_shift_closing_opening_is_now_is_then_numbers.closing AS closing, step_shift_closing_opening_is_now_is_then_numbers.opening AS opening, step_shift_closing_opening_is_now_is_then_numbers.is_now AS is_now, step_shift_closing_opening_is_now_is_then_numbers.is_then AS is_then
                        FROM (
                            SELECT finest.month AS month, finest.entity AS entity, finest.by_segment AS by_segment, coalesce(finest.value, 0) AS value, CASE WHEN (finest.latest = max(finest.latest) OVER (PARTITION BY finest.entity, finest.month)) THEN 1 ELSE 0 END AS latest
                            FROM (
                                SELECT coalesce(facts.by_segment, '(unknown)') AS by_segment, facts.month AS month, facts.entity AS entity, sum(facts.value) AS value, max(facts.latest) AS latest
                                FROM (
                                    SELECT "invoices"."segment" AS by_segment, "invoices"."customer" AS entity, "invoices"."amount" AS value, (year("invoices"."day") * 12 + month("invoices"."day") - 1) AS month, "invoices"."day" AS latest
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
        ) AS states JOIN (
            SELECT 0 AS edge, 0 AS side
            UNION ALL SELECT 0 AS edge, 1 AS side
            UNION ALL SELECT 1 AS edge, 0 AS side
            UNION ALL SELECT 1 AS edge, 1 AS side
        ) AS edge_side_numbers ON true
        WHERE CASE WHEN (edge_side_numbers.side = 0) THEN states.opening > 1e-06 ELSE states.closing > 1e-06 OR states.closing < -1e-06 END AND (edge_side_numbers.edge = 0 OR states.until IS NOT NULL)
    ) AS begun
    GROUP BY begun.by_segment, begun.month
) AS changes
GROUP BY GROUPING SETS((changes.month), (changes.by_segment, changes.month));
