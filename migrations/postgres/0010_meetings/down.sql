DROP TABLE meeting_time_nodes;
DROP TABLE meeting_receipts;
DROP TABLE meeting_minutes;
DROP TABLE attendances;
DROP TABLE agenda_items;
DROP TABLE meeting_attachments;
DROP TABLE meeting_records;
DROP TABLE meetings;
