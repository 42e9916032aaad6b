DROP INDEX sessions_cookie_digest;
ALTER TABLE sessions DROP COLUMN cookie_digest;
