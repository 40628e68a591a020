-- SPDX-FileCopyrightText: 2026 The ClawLoops authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Groups of people, and whom no model answers: `frozen` is the sentence that says why, and not `disabled`, which also signs them out.

ALTER TABLE users
    ADD COLUMN frozen text NOT NULL DEFAULT '',
    ADD COLUMN frozen_at timestamptz;

CREATE TABLE groups (
    id text PRIMARY KEY,
    name text NOT NULL CHECK (name <> ''),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX groups_name ON groups (lower(name));

CREATE TABLE group_members (
    group_id text NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    user_id text NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, user_id)
);
CREATE INDEX group_members_user ON group_members (user_id);
