-- A span enters at its start and leaves at its end, and a window's length later at the opening.
SELECT begun.month, sum(CASE WHEN (begun.kind IN (1, 2, 3, 4, 5)) THEN begun.opening * begun.sign ELSE 0 END) AS opening, sum(CASE WHEN (begun.kind IN (1, 2, 3, 4, 5)) THEN begun.entities * begun.sign ELSE 0 END) AS opening_count, sum(CASE WHEN (begun.kind IN (4, 5)) THEN begun.opening * begun.sign ELSE 0 END) AS lost, sum(CASE WHEN (begun.kind IN (4, 5)) THEN begun.entities * begun.sign ELSE 0 END) AS lost_count, sum(CASE WHEN (begun.kind = 1) THEN (begun.opening - begun.closing) * begun.sign ELSE 0 END) AS contracted, sum(CASE WHEN (begun.kind = 1) THEN begun.entities * begun.sign ELSE 0 END) AS contracted_count, sum(CASE WHEN (begun.kind = 2) THEN (begun.closing - begun.opening) * begun.sign ELSE 0 END) AS expanded, sum(CASE WHEN (begun.kind = 2) THEN begun.entities * begun.sign ELSE 0 END) AS expanded_count, sum(CASE WHEN (begun.kind = 6) THEN begun.closing * begun.sign ELSE 0 END) AS reactivated, sum(CASE WHEN (begun.kind = 6) THEN begun.entities * begun.sign ELSE 0 END) AS reactivated_count, sum(CASE WHEN (begun.kind = 7) THEN begun.closing * begun.sign ELSE 0 END) AS "new", sum(CASE WHEN (begun.kind = 7) THEN begun.entities * begun.sign ELSE 0 END) AS new_count, sum(CASE WHEN (begun.kind IN (1, 2, 3, 6, 7)) THEN begun.closing * begun.sign ELSE 0 END) AS closing, sum(CASE WHEN (begun.kind IN (1, 2, 3, 6, 7)) THEN begun.entities * begun.sign ELSE 0 END) AS closing_count, sum(CASE WHEN (begun.kind IN (4, 8)) THEN begun.closing * begun.sign ELSE 0 END) AS below_zero, sum(CASE WHEN (begun.kind IN (4, 8)) THEN begun.entities * begun.sign ELSE 0 END) AS below_zero_count
FROM (
    SELECT CASE WHEN (edge_side_numbers.edge = 0) THEN kinds.month ELSE kinds.until END AS month, kinds.kind AS kind, kinds.opening AS opening, kinds.closing AS closing, kinds.entities AS entities, 1 - 2 * edge_side_numbers.edge AS sign, edge_side_numbers.side AS side
    FROM (
        SELECT looked_at.month AS month, looked_at.until AS until, looked_at.kind AS kind, sum(looked_at.opening) AS opening, sum(looked_at.closing) AS closing, count(*) AS entities
        FROM (
            SELECT states.month AS month, states.until AS until, states.closing AS closing, states.opening AS opening, CASE WHEN (states.opening > 1e-06 AND states.closing > 1e-06 AND states.opening - states.closing > 1e-06) THEN 1 WHEN (states.opening > 1e-06 AND states.closing > 1e-06 AND states.closing - states.opening > 1e-06) THEN 2 WHEN (states.opening > 1e-06 AND states.closing > 1e-06) THEN 3 WHEN (states.opening > 1e-06 AND states.closing < -1e-06) THEN 4 WHEN (states.opening > 1e-06) THEN 5 WHEN (states.closing > 1e-06 AND states.before > 0) THEN 6 WHEN (states.closing > 1e-06) THEN 7 WHEN (states.closing < -1e-06) THEN 8 END AS kind
            FROM (
                SELECT told.month AS month, told.until AS until, told.closing AS closing, told.opening AS opening, max(CASE WHEN (told.opening > 1e-06) THEN 1 ELSE 0 END) OVER (PARTITION BY told.entity ORDER BY told.month) AS before
                FROM (
                    SELECT points.entity AS entity, points.month AS month, lead(points.month) OVER (PARTITION BY points.entity ORDER BY points.month) AS until, sum(points.closing) OVER (PARTITION BY points.entity ORDER BY points.month) AS closing, sum(points.opening) OVER (PARTITION BY points.entity ORDER BY points.month) AS opening
                    FROM (
                        SELECT laid.entity AS entity, laid.month AS month, sum(laid.value * laid.closing) AS closing, sum(laid.value * laid.opening) AS opening
                        FROM (
                            SELECT history.entity AS entity, history.value AS value, CASE WHEN (step_shift_closing_opening_is_now_is_then_numbers.step IN (2, 3)) THEN history.until ELSE history.month END + step_shift_closing_opening_is_now_is_then_numbers.shift AS month, step_shift_closing_opening_is_now_is_then_numbers.closing AS closing, step_shift_closing_opening_is_now_is_then_numbers.opening AS opening, step_shift_closing_opening_is_now_is_then_numbers.is_now AS is_now, step_shift_closing_opening_is_now_is_then_numbers.is_then AS is_then
                            FROM (
                                SELECT finest.month AS month, finest.entity AS entity, finest.until AS until, coalesce(finest.value, 0) AS value
                                FROM (
                                    SELECT facts.month AS month, facts.entity AS entity, facts.until AS until, sum(facts.value) AS value, max(facts.latest) AS latest
                                    FROM (
                                        SELECT "subscriptions"."customer" AS entity, "subscriptions"."price" AS value, CASE WHEN ("subscriptions"."begun" >= '2026-10-16') THEN 119988 WHEN ("subscriptions"."ended" IS NOT NULL AND "subscriptions"."ended" < "subscriptions"."begun") THEN -1 ELSE CAST(date_part('year', "subscriptions"."begun") * 12 + date_part('month', "subscriptions"."begun") - 1 AS INTEGER) END AS month, "subscriptions"."begun" AS latest, CASE WHEN ("subscriptions"."ended" >= '1900-01-01' AND "subscriptions"."ended" < '2026-10-16') THEN CAST(date_part('year', "subscriptions"."ended") * 12 + date_part('month', "subscriptions"."ended") - 1 AS INTEGER) END AS until
                                        FROM "subscriptions" AS "subscriptions"
                                        WHERE "subscriptions"."begun" < '2026-10-16' AND "subscriptions"."begun" >= '1900-01-01' AND ("subscriptions"."ended" IS NULL OR "subscriptions"."ended" >= "subscriptions"."begun") AND "subscriptions"."customer" IS NOT NULL
                                    ) AS facts
                                    GROUP BY facts.entity, facts.until, facts.month
                                ) AS finest
                            ) AS history JOIN (
                                SELECT 0 AS step, 0 AS shift, 1 AS closing, 0 AS opening, 1 AS is_now, 0 AS is_then
                                UNION ALL SELECT 1 AS step, 1 AS shift, 0 AS closing, 1 AS opening, 0 AS is_now, 1 AS is_then
                                UNION ALL SELECT 2 AS step, 0 AS shift, -1 AS closing, 0 AS opening, 0 AS is_now, 0 AS is_then
                                UNION ALL SELECT 3 AS step, 1 AS shift, 0 AS closing, -1 AS opening, 0 AS is_now, 0 AS is_then
                            ) AS step_shift_closing_opening_is_now_is_then_numbers ON true
                            WHERE CASE WHEN (step_shift_closing_opening_is_now_is_then_numbers.step IN (2, 3)) THEN history.until ELSE history.month END + step_shift_closing_opening_is_now_is_then_numbers.shift <= 24321
                        ) AS laid
                        GROUP BY laid.entity, laid.month
                    ) AS points
                ) AS told
            ) AS states
        ) AS looked_at
        WHERE looked_at.kind IS NOT NULL
        GROUP BY looked_at.month, looked_at.until, looked_at.kind
    ) AS kinds JOIN (
        SELECT 0 AS edge, 0 AS side
        UNION ALL SELECT 1 AS edge, 0 AS side
    ) AS edge_side_numbers ON true
    WHERE edge_side_numbers.edge = 0 OR kinds.until IS NOT NULL
) AS begun
GROUP BY begun.month;
