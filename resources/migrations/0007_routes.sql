-- SPDX-FileCopyrightText: 2026 The ClawLoops authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Routes: who may use them, what is set in a request, how much fits; and the credentials of providers, sealed under the master key.

ALTER TABLE routes
    ADD COLUMN balance text NOT NULL DEFAULT 'order' CHECK (balance IN ('order', 'weight')),
    ADD COLUMN everyone boolean NOT NULL DEFAULT false,
    ADD COLUMN roles jsonb NOT NULL DEFAULT '[]', -- names
    ADD COLUMN force jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN defaults jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN context_tokens bigint NOT NULL DEFAULT 0 CHECK (context_tokens >= 0), -- 0: not known
    ADD COLUMN output_tokens bigint NOT NULL DEFAULT 0 CHECK (output_tokens >= 0); -- 0: no limit of the route's
UPDATE routes SET everyone = true; -- those that were there until now were for everyone

CREATE TABLE route_people (
    route text NOT NULL REFERENCES routes (name) ON DELETE CASCADE,
    user_id text NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (route, user_id)
);
CREATE INDEX route_people_user ON route_people (user_id);

-- `sealed` is AES-256-GCM of the secret under the key of `key_version`, bound to the id and the provider of its row.
CREATE TABLE provider_credentials (
    id text PRIMARY KEY,
    name text NOT NULL CHECK (name <> ''),
    provider text NOT NULL CHECK (provider <> ''),
    key_version integer NOT NULL CHECK (key_version > 0),
    sealed text NOT NULL, -- base64url
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    last_used_at timestamptz,
    last_error text NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX provider_credentials_name ON provider_credentials (lower(name));

-- Which master key the credentials are sealed under; its one row changes in the transaction that seals them all anew.
CREATE TABLE master_key (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    version integer NOT NULL CHECK (version > 0),
    fingerprint text NOT NULL
);
