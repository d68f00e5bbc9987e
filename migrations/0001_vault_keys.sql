-- 0001: the people's keys.
--
-- One AES-256 key a person, wrapped by the vault's own key, which is a file elsewhere. Deleting a
-- row makes every sealed value of that person unreadable: this file is in no replica or history
-- that outlives the erasure deadline.

PRAGMA application_id = 1400137067;  -- "Stek"
PRAGMA user_version = 1;

CREATE TABLE migration (
    number INTEGER PRIMARY KEY CHECK (number >= 1),
    name   TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32)
) STRICT;

CREATE TABLE person (
    subject BLOB PRIMARY KEY CHECK (length(subject) = 16),     -- UUIDv7
    wrapped BLOB NOT NULL CHECK (length(wrapped) = 60)         -- nonce 12 || ciphertext 32 || tag 16
) STRICT;

-- Who was erased and must not come back, by a restored copy or by a new value.
CREATE TABLE tombstone (
    subject BLOB PRIMARY KEY CHECK (length(subject) = 16),
    erased  INTEGER NOT NULL CHECK (erased >= 0)               -- µs since 1970 UTC
) STRICT;

CREATE TRIGGER person_is_not_erased BEFORE INSERT ON person
WHEN EXISTS (SELECT 1 FROM tombstone WHERE subject = NEW.subject)
BEGIN SELECT RAISE(ABORT, 'person: erased people get no new key'); END;
CREATE TRIGGER person_keeps_the_key BEFORE UPDATE ON person
WHEN NEW.subject <> OLD.subject
BEGIN SELECT RAISE(ABORT, 'person: a key stays its person''s'); END;
CREATE TRIGGER tombstone_is_never_updated BEFORE UPDATE ON tombstone
BEGIN SELECT RAISE(ABORT, 'tombstone: rows are never updated'); END;
CREATE TRIGGER tombstone_is_never_deleted BEFORE DELETE ON tombstone
BEGIN SELECT RAISE(ABORT, 'tombstone: rows are never deleted'); END;
