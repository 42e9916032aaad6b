DROP TABLE assessment_attachments;
DROP TABLE assessment_results;
DROP TABLE recognitions;
DROP TABLE assessments;
DROP TABLE clause_tasks;
DROP TABLE clause_documents;
DROP TABLE clauses;
DROP TABLE standard_sets;
