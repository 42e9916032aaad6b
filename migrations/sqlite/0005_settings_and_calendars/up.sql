-- Years whose calendar of working days was imported, from one day to another.
CREATE TABLE calendar_years (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    year BIGINT NOT NULL CHECK (year BETWEEN 1900 AND 2199),
    source TEXT NOT NULL,
    recorded_from DATE NOT NULL,
    recorded_to DATE,
    CHECK (recorded_to > recorded_from)
);

-- Days of those years that are not what their weekday says, and festivals.
CREATE TABLE calendar_days (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    year BIGINT NOT NULL,
    day DATE NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('holiday', 'workday', 'festival')),
    name TEXT,
    recorded_from DATE NOT NULL,
    recorded_to DATE,
    CHECK (recorded_to > recorded_from),
    CHECK (kind <> 'festival' OR name IS NOT NULL)
);

-- Settings of the installation, from one day to another: one row in force, or none as long as the defaults hold.
CREATE TABLE settings (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    set_no BIGINT NOT NULL CHECK (set_no = 1),
    near_days BIGINT NOT NULL CHECK (near_days BETWEEN 0 AND 60),
    recurrence_grace_days BIGINT NOT NULL CHECK (recurrence_grace_days BETWEEN 0 AND 60),
    short_extension_days BIGINT NOT NULL CHECK (short_extension_days BETWEEN 0 AND 366),
    backfill_days BIGINT NOT NULL CHECK (backfill_days BETWEEN 0 AND 366),
    review_working_days BIGINT NOT NULL CHECK (review_working_days BETWEEN 1 AND 60),
    term_alert_months BIGINT NOT NULL CHECK (term_alert_months BETWEEN 0 AND 24),
    secretary_signs BOOLEAN NOT NULL,
    recorded_from DATE NOT NULL,
    recorded_to DATE,
    CHECK (recorded_to > recorded_from)
);

CREATE UNIQUE INDEX calendar_years_now ON calendar_years (year) WHERE recorded_to IS NULL;
CREATE INDEX calendar_days_by_year ON calendar_days (year, recorded_from);
CREATE UNIQUE INDEX calendar_days_now ON calendar_days (day) WHERE recorded_to IS NULL AND kind <> 'festival';
CREATE UNIQUE INDEX calendar_festivals_now ON calendar_days (year, name) WHERE recorded_to IS NULL AND kind = 'festival';
CREATE UNIQUE INDEX settings_now ON settings (set_no) WHERE recorded_to IS NULL;
