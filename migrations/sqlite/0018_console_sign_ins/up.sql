-- Digest of the secret that the cookie of a browser holds; null for a sign-in that is held by tokens.
ALTER TABLE sessions ADD COLUMN cookie_digest TEXT;
CREATE UNIQUE INDEX sessions_cookie_digest ON sessions (cookie_digest);
