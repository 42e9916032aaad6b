DROP TABLE urges;
