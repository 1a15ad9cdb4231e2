"""Where the data is: sources, engines and what SQL dialects disagree on. Knows no KPI."""
