-- One row per offer that was lost or came to a stop, by the day on which 90 days were over since. Later ones cannot be
-- judged yet, and are left out.
SELECT
    opportunity.opportunity_key, opportunity.stage, opportunity.outcome,
    segment.label AS segment, split_part(grouping_of.label, ', ', 2) AS region,
    timezone('Europe/Amsterdam', opportunity.last_moved_at) + INTERVAL 90 DAY AS judged_at,
    EXISTS (
        SELECT 1
        FROM exit_case
        WHERE exit_case.opportunity_key = opportunity.opportunity_key
          AND exit_case.verified_by = 'interview'
          AND timezone('Europe/Amsterdam', exit_case.contacted_at)
              <= timezone('Europe/Amsterdam', opportunity.last_moved_at) + INTERVAL 90 DAY
    ) AS heard
FROM opportunity
LEFT JOIN "grouping" AS grouping_of ON grouping_of.grouping_key = opportunity.grouping_key
LEFT JOIN "grouping" AS segment ON segment.grouping_key = grouping_of.parent_key
WHERE opportunity.outcome IN ('lost', 'stalled')
  AND timezone('Europe/Amsterdam', opportunity.last_moved_at) + INTERVAL 90 DAY < (
      SELECT last_day(max("month")) + INTERVAL 1 DAY
      FROM financial_month
      WHERE scenario = 'AC'
  )
