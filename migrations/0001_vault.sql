-- 0001: the vault.
--
-- Ciphertexts of personal values: what a `$sealed` value in a body commits to. Each is sealed with
-- its person's key, which is in `vault-keys.sqlite`, so that this file may be replicated and kept.
-- Committed before the entry that needs it; what a crash leaves behind has `settled` 0 and is swept.

PRAGMA application_id = 1400137078;  -- "Stev"
PRAGMA user_version = 1;

CREATE TABLE migration (
    number INTEGER PRIMARY KEY CHECK (number >= 1),
    name   TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32)
) STRICT;

CREATE TABLE sealed (
    entry      BLOB NOT NULL CHECK (length(entry) = 16),   -- the entry's id, UUIDv7
    event      INTEGER NOT NULL CHECK (event >= 0),        -- index into its `data`
    pointer    TEXT NOT NULL,                              -- RFC 6901, from the event's object
    subject    BLOB NOT NULL CHECK (length(subject) = 16), -- whose value it is
    settled    INTEGER NOT NULL CHECK (settled IN (0, 1)), -- 1 once the entry is known committed
    ciphertext BLOB NOT NULL CHECK (length(ciphertext) >= 62),  -- nonce 12 || ... || tag 16
    PRIMARY KEY (entry, event, pointer)
) STRICT;

CREATE INDEX sealed_of_subject ON sealed (subject);
CREATE INDEX sealed_unsettled ON sealed (entry) WHERE settled = 0;

CREATE TRIGGER sealed_changes_only_by_settling BEFORE UPDATE ON sealed
WHEN NEW.entry <> OLD.entry OR NEW.event <> OLD.event OR NEW.pointer <> OLD.pointer
  OR NEW.subject <> OLD.subject OR NEW.ciphertext <> OLD.ciphertext OR NEW.settled < OLD.settled
BEGIN SELECT RAISE(ABORT, 'sealed: a value is sealed once'); END;
