-- SPDX-FileCopyrightText: 2026 The ClawLoops authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Model routes, and what was used. A target's url may be "component:<name>": the socket of a component of this appliance.

CREATE TABLE routes (
    name text PRIMARY KEY CHECK (name ~ '^[a-z0-9][a-z0-9._:/-]{0,62}$'),
    title text NOT NULL,
    enabled boolean NOT NULL DEFAULT true,
    position integer NOT NULL DEFAULT 0,
    targets jsonb NOT NULL
);

INSERT INTO routes (name, title, position, targets) VALUES
    ('starter', 'Starter model on this machine', 1,
     '[{"name":"starter","kind":"openai","model":"starter","weight":1,"url":"component:starter"}]'),
    ('starter-litellm', 'Starter model through LiteLLM', 2,
     '[{"name":"litellm","kind":"litellm","model":"starter","weight":1,"url":"component:litellm"}]');

-- The request id is the key, so that a row read twice from the spool is stored once.
CREATE TABLE usage_events (
    request_id text PRIMARY KEY,
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
    bytes_out bigint NOT NULL
);
CREATE INDEX usage_events_time ON usage_events (started_at);
CREATE INDEX usage_events_user ON usage_events (user_id, started_at);
