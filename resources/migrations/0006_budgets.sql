-- SPDX-FileCopyrightText: 2026 The ClawLoops authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- How much may be used: budgets over time, limits by the minute. Money is nano-units of the currency.

CREATE TABLE budgets (
    id text PRIMARY KEY,
    name text NOT NULL CHECK (name <> ''),
    scope text NOT NULL CHECK (scope IN ('person', 'group', 'route', 'all')),
    subject text NOT NULL DEFAULT '' CHECK (scope <> 'all' OR subject = ''), -- empty: each of them separately
    unit text NOT NULL CHECK (unit IN ('money', 'tokens')),
    span text NOT NULL CHECK (span IN ('day', 'week', 'month', 'run')),
    amount bigint NOT NULL CHECK (amount >= 0),
    raised_on date, -- the one day (UTC) on which raised_by counts
    raised_by bigint NOT NULL DEFAULT 0 CHECK (raised_by >= 0),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE limits (
    scope text NOT NULL CHECK (scope IN ('key', 'person', 'route')),
    subject text NOT NULL, -- empty: each that has none of its own
    requests_per_minute bigint NOT NULL CHECK (requests_per_minute >= 0),
    tokens_per_minute bigint NOT NULL CHECK (tokens_per_minute >= 0),
    streams bigint NOT NULL CHECK (streams >= 0),
    PRIMARY KEY (scope, subject)
);

-- Keys with which a person's own programs use models. The secret is hashed; its first letters are for telling keys apart.
CREATE TABLE personal_keys (
    id text PRIMARY KEY,
    user_id text NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name text NOT NULL CHECK (name <> ''),
    prefix text NOT NULL,
    token_hash text NOT NULL UNIQUE CHECK (token_hash ~ '^[0-9a-f]{64}$'),
    routes jsonb NOT NULL DEFAULT '[]', -- names; none: all that the person may use
    batch boolean NOT NULL DEFAULT false, -- waits behind everybody who is waited for by a person
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    last_used_at timestamptz
);
CREATE INDEX personal_keys_user ON personal_keys (user_id);
