ALTER TABLE settings DROP COLUMN back_dated_days;
