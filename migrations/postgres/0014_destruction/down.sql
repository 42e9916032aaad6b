DROP TABLE attachment_destructions;
ALTER TABLE attachments DROP COLUMN destroyed_on;
