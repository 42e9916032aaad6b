DROP TABLE plan_receipts;
DROP TABLE comments;
