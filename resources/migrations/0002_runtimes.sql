-- SPDX-FileCopyrightText: 2026 The ClawLoops authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- One runtime a user for good: deleting it leaves the row (observed deleted) for the next start.

CREATE TABLE runtimes (
    id text PRIMARY KEY,
    user_id text NOT NULL UNIQUE REFERENCES users (id),
    cell_id text NOT NULL UNIQUE CHECK (cell_id ~ '^c[0-9a-f]{12}$'),
    volume_id text NOT NULL UNIQUE,
    slot bigint NOT NULL UNIQUE CHECK (slot >= 0),
    image text NOT NULL DEFAULT '',
    desired text NOT NULL CHECK (desired IN ('running', 'stopped', 'deleted')),
    observed text NOT NULL CHECK (observed IN ('creating', 'running', 'paused', 'stopped', 'error', 'deleted')),
    since timestamptz NOT NULL DEFAULT now(),
    wipe boolean NOT NULL DEFAULT false,
    held boolean NOT NULL DEFAULT false, -- in error until somebody starts it
    spec text NOT NULL DEFAULT '',
    inputs text NOT NULL DEFAULT '',
    token_hash text,
    last_error text,
    task_id text -- the one under way, or the last
);

CREATE TABLE tasks (
    id text PRIMARY KEY,
    runtime_id text NOT NULL REFERENCES runtimes (id) ON DELETE CASCADE,
    user_id text NOT NULL,
    action text NOT NULL CHECK (action IN ('start', 'stop', 'delete')),
    state text NOT NULL CHECK (state IN ('pending', 'running', 'succeeded', 'failed')),
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    error_code text,
    error_message text,
    steps jsonb NOT NULL DEFAULT '[]'
);
CREATE INDEX tasks_runtime ON tasks (runtime_id, created_at);

-- A new runtime gives its user's workspace path a cell.
CREATE FUNCTION notify_runtime() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('clawloops', 'user:' || coalesce(NEW.user_id, OLD.user_id));
    RETURN NULL;
END $$;
CREATE TRIGGER runtimes_notify AFTER INSERT OR UPDATE OF cell_id OR DELETE ON runtimes FOR EACH ROW EXECUTE FUNCTION notify_runtime();
