DROP TABLE draft_attachments;
DROP TABLE report_drafts;
