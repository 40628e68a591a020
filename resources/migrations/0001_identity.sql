-- SPDX-FileCopyrightText: 2026 The ClawLoops authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- People, how they sign in, and the journal. Secrets are stored as hashes only.

CREATE TABLE users (
    id text PRIMARY KEY,
    username text NOT NULL UNIQUE CHECK (username ~ '^[a-z][a-z0-9-]{0,30}[a-z0-9]$'),
    role text NOT NULL CHECK (role IN ('user', 'admin')),
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
    password_hash text NOT NULL,
    must_change_password boolean NOT NULL DEFAULT false,
    password_change_reason text,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_sign_in_at timestamptz
);

CREATE TABLE sessions (
    hash text PRIMARY KEY CHECK (hash ~ '^[0-9a-f]{64}$'),
    login_id text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('portal', 'workspace', 'bearer')),
    user_id text NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    address text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_login ON sessions (login_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE invitations (
    id text PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('invitation', 'bootstrap')),
    username text NOT NULL DEFAULT '',
    role text NOT NULL CHECK (role IN ('user', 'admin')),
    token_hash text NOT NULL UNIQUE CHECK (token_hash ~ '^[0-9a-f]{64}$'),
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'consumed', 'revoked')),
    created_by text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    consumed_at timestamptz
);
CREATE UNIQUE INDEX invitations_one_pending ON invitations (username) WHERE status = 'pending' AND kind = 'invitation';

-- Each row's hash covers the row before it: store/audit_log.cpp. `detail` stays the very text that was hashed.
CREATE TABLE audit_log (
    seq bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_id text NOT NULL,
    actor_name text NOT NULL,
    address text NOT NULL,
    rid text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    detail text NOT NULL,
    hash text NOT NULL
);

CREATE TABLE settings (
    key text PRIMARY KEY,
    value jsonb NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- What the session check keeps in memory is told by these, whoever made the change.
CREATE FUNCTION notify_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('clawloops', 'session:' || coalesce(NEW.hash, OLD.hash));
    RETURN NULL;
END $$;
CREATE FUNCTION notify_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('clawloops', 'user:' || coalesce(NEW.id, OLD.id));
    RETURN NULL;
END $$;
CREATE TRIGGER sessions_notify AFTER INSERT OR DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION notify_session();
CREATE TRIGGER users_notify AFTER INSERT OR UPDATE OR DELETE ON users FOR EACH ROW EXECUTE FUNCTION notify_user();
