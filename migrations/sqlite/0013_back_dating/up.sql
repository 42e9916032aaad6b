-- Days by which a completion may be dated back before the report of flags lists it.
ALTER TABLE settings ADD COLUMN back_dated_days BIGINT NOT NULL DEFAULT 7 CHECK (back_dated_days BETWEEN 0 AND 366);
