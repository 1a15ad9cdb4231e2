-- What the board had on its agenda, and how many KPIs lay before it under each item.
SELECT
    meeting_date, item, minutes, is_customer, item = 'Financial results' AS is_financial,
    json_array_length(kpi_ids) AS kpis, decision, action_owner, due,
    CAST(timezone('Europe/Amsterdam', done_at) AS DATE) AS done_on
FROM board_item
