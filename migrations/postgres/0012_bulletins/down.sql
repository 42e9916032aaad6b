ALTER TABLE settings DROP COLUMN public_bulletins;
DROP TABLE bulletin_receipts;
DROP TABLE bulletin_views;
DROP TABLE bulletin_errata;
DROP TABLE bulletin_releases;
DROP TABLE bulletins;
