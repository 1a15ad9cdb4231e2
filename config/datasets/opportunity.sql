-- Offers with the segment and the region of the business they were made to. Those of the last 30 days are not judged:
-- the few that are decided so soon say nothing of the others.
SELECT
    opportunity.opportunity_key, opportunity.opened_at, opportunity.last_moved_at, opportunity.outcome,
    opportunity.stage, opportunity.reason, opportunity."value",
    segment.label AS segment, split_part(grouping_of.label, ', ', 2) AS region,
    timezone('Europe/Amsterdam', opportunity.opened_at) + INTERVAL 30 DAY < (
        SELECT last_day(max("month")) + INTERVAL 1 DAY
        FROM financial_month
        WHERE scenario = 'AC'
    ) AS told
FROM opportunity
LEFT JOIN "grouping" AS grouping_of ON grouping_of.grouping_key = opportunity.grouping_key
LEFT JOIN "grouping" AS segment ON segment.grouping_key = grouping_of.parent_key
