-- SPDX-FileCopyrightText: 2026 The ClawLoops authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Usage: events by month, which may be dropped when they are old, and their sums by day, which stay. Days and months are UTC's.

ALTER TABLE usage_events RENAME TO usage_events_before;
ALTER INDEX usage_events_pkey RENAME TO usage_events_before_pkey;
DROP INDEX usage_events_time, usage_events_user;

-- An event that is read twice from the spool has the same id and the same time, so it is stored once.
CREATE TABLE usage_events (
    request_id text NOT NULL,
    seq bigint NOT NULL,
    cell_id text NOT NULL,
    user_id text NOT NULL,
    route text NOT NULL,
    target text NOT NULL,
    model text NOT NULL,
    prompt_tokens bigint NOT NULL,
    completion_tokens bigint NOT NULL,
    estimated boolean NOT NULL, -- the upstream reported no usage
    started_at timestamptz NOT NULL,
    first_byte_ms bigint,
    duration_ms bigint NOT NULL,
    status integer NOT NULL,
    outcome text NOT NULL,
    upstream_id text NOT NULL,
    bytes_out bigint NOT NULL,
    key_id text NOT NULL DEFAULT '', -- empty: by a cell
    endpoint text NOT NULL DEFAULT '',
    trace_id text NOT NULL DEFAULT '',
    cached_tokens bigint NOT NULL DEFAULT 0,
    reasoning_tokens bigint NOT NULL DEFAULT 0,
    cost_nanos bigint NOT NULL DEFAULT 0,
    priced boolean NOT NULL DEFAULT false,
    reserved_tokens bigint NOT NULL DEFAULT 0,
    reserved_nanos bigint NOT NULL DEFAULT 0,
    queued_ms bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (request_id, started_at)
) PARTITION BY RANGE (started_at);
CREATE INDEX usage_events_time ON usage_events USING brin (started_at);

-- The month of that time can hold events from now on.
CREATE FUNCTION usage_partition(at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    first date := date_trunc('month', at AT TIME ZONE 'UTC')::date;
    name text := 'usage_events_' || to_char(first, 'YYYYMM');
BEGIN
    IF to_regclass(name) IS NULL THEN
        EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF usage_events FOR VALUES FROM (%L) TO (%L)', name,
                       first::timestamp AT TIME ZONE 'UTC', (first + interval '1 month') AT TIME ZONE 'UTC');
    END IF;
END $$;

-- What a day's events add up to, for each person, route, target and key.
CREATE TABLE usage_days (
    day date NOT NULL,
    user_id text NOT NULL,
    route text NOT NULL,
    target text NOT NULL,
    key_id text NOT NULL,
    requests bigint NOT NULL,
    failed bigint NOT NULL,
    estimated bigint NOT NULL, -- requests whose tokens nobody reported
    prompt_tokens bigint NOT NULL,
    cached_tokens bigint NOT NULL,
    completion_tokens bigint NOT NULL,
    reasoning_tokens bigint NOT NULL,
    cost_nanos bigint NOT NULL,
    PRIMARY KEY (day, user_id, route, target, key_id)
);
CREATE INDEX usage_days_user ON usage_days (user_id, day);
CREATE INDEX usage_days_route ON usage_days (route, day);

-- The same along one line only, so that a page about everybody and a budget's sum read few rows. Key by dimension: all: empty; user:
-- its id; route: its name; target: route, a space, its name; key: its id, empty for what came by cells.
CREATE TABLE usage_sums (
    dimension text NOT NULL CHECK (dimension IN ('all', 'user', 'route', 'target', 'key')),
    key text NOT NULL,
    day date NOT NULL,
    requests bigint NOT NULL,
    failed bigint NOT NULL,
    estimated bigint NOT NULL,
    prompt_tokens bigint NOT NULL,
    cached_tokens bigint NOT NULL,
    completion_tokens bigint NOT NULL,
    reasoning_tokens bigint NOT NULL,
    cost_nanos bigint NOT NULL,
    PRIMARY KEY (dimension, day, key)
);

-- Up to which event of a spool the sums hold everything; moved in the same transaction.
CREATE TABLE usage_through (
    spool text PRIMARY KEY, -- its own id; empty: of a gateway that does not say
    seq bigint NOT NULL,
    moved_at timestamptz NOT NULL DEFAULT now()
);

SELECT usage_partition(month) FROM (SELECT DISTINCT date_trunc('month', started_at) AS month FROM usage_events_before) AS months;
SELECT usage_partition(now()), usage_partition(now() + interval '1 month');

INSERT INTO usage_events (request_id, seq, cell_id, user_id, route, target, model, prompt_tokens, completion_tokens, estimated, started_at,
                          first_byte_ms, duration_ms, status, outcome, upstream_id, bytes_out)
    SELECT request_id, seq, cell_id, user_id, route, target, model, prompt_tokens, completion_tokens, estimated, started_at,
           first_byte_ms, duration_ms, status, outcome, upstream_id, bytes_out FROM usage_events_before;
DROP TABLE usage_events_before;

INSERT INTO usage_days
    SELECT (started_at AT TIME ZONE 'UTC')::date, user_id, route, target, key_id, count(*),
           count(*) FILTER (WHERE outcome NOT IN ('ok', 'client_gone', 'cut')), count(*) FILTER (WHERE estimated),
           sum(least(prompt_tokens, 1000000000)), 0, sum(least(completion_tokens, 1000000000)), 0, 0
    FROM usage_events GROUP BY 1, 2, 3, 4, 5;
INSERT INTO usage_sums
    SELECT dimension, key, day, sum(requests), sum(failed), sum(estimated), sum(prompt_tokens), sum(cached_tokens), sum(completion_tokens),
           sum(reasoning_tokens), sum(cost_nanos)
    FROM usage_days, LATERAL (VALUES ('all', ''), ('user', user_id), ('route', route), ('target', route || ' ' || target), ('key', key_id))
         AS line (dimension, key)
    GROUP BY 1, 2, 3;

-- A text as a cell of CSV: in quotes, and with an apostrophe before what a spreadsheet would take for a formula.
CREATE FUNCTION csv_cell(text text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT '"' || replace(CASE WHEN text ~ '^[=+@\t\r-]' THEN '''' || text ELSE text END, '"', '""') || '"'
$$;
