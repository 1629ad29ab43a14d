CREATE SEQUENCE task_id_sequence;

CREATE TABLE celery_taskmeta (
    id INTEGER NOT NULL,
    task_id VARCHAR(155),
    status VARCHAR(50),
    result BYTEA,
    date_done TIMESTAMP WITHOUT TIME ZONE,
    traceback TEXT,
    children BYTEA,
    name VARCHAR(155),
    args BYTEA,
    kwargs BYTEA,
    worker VARCHAR(155),
    retries INTEGER,
    queue VARCHAR(155),
    stamps BYTEA,
    PRIMARY KEY (id),
    UNIQUE (task_id)
);

CREATE INDEX ix_celery_taskmeta_date_done ON celery_taskmeta (date_done);

CREATE SEQUENCE taskset_id_sequence;

CREATE TABLE celery_tasksetmeta (
    id INTEGER NOT NULL,
    taskset_id VARCHAR(155),
    result BYTEA,
    date_done TIMESTAMP WITHOUT TIME ZONE,
    PRIMARY KEY (id),
    UNIQUE (taskset_id)
);

CREATE INDEX ix_celery_tasksetmeta_date_done ON celery_tasksetmeta (date_done);
