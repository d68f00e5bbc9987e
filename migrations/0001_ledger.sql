-- 0001: the ledger.
--
-- One row of `entry` per signed entry, in the order recorded. Rows are never changed or removed:
-- the triggers refuse it, so a bug in this program cannot do it quietly. (Whoever owns the file
-- still can; the signed tree, and what others remember of it, is what catches that.) Nothing here
-- is trusted: a verifier derives every other column and table again from `header`, `signatures`,
-- `recorded` and `body`.
--
-- Forward only. Applied in one transaction; its SHA-256 is kept in `migration`, and a ledger
-- whose applied files, or whose schema, differ from this program's refuses to open.

PRAGMA application_id = 1400137068;  -- "Stel"
PRAGMA user_version = 1;             -- number of the newest migration applied

CREATE TABLE migration (
    number INTEGER PRIMARY KEY CHECK (number >= 1),
    name   TEXT NOT NULL,                                 -- "0001_ledger"
    digest BLOB NOT NULL CHECK (length(digest) = 32)      -- SHA-256 of the file's bytes
) STRICT;

-- The signed part of an entry, with the log's time. `header` stands last: reading a leaf or a
-- time then never touches an overflow page.
CREATE TABLE entry (
    position   INTEGER PRIMARY KEY                        -- leaf index, from 0, no gaps
               CHECK (position BETWEEN 0 AND 1099511627775),
    recorded   INTEGER NOT NULL CHECK (recorded >= 0),    -- the log's clock, µs since 1970 UTC
    leaf       BLOB NOT NULL CHECK (length(leaf) = 32),   -- SHA-256(0x00 || line)
    entry      BLOB NOT NULL CHECK (length(entry) = 16),  -- its id, UUIDv7, unique for ever
    signatures BLOB NOT NULL                              -- 1...8 × (keyid 32 || signature 64),
               CHECK (length(signatures) BETWEEN 96 AND 768 AND length(signatures) % 96 = 0),
    header     TEXT NOT NULL                              -- canonical JSON, the signed bytes
               CHECK (length(CAST(header AS BLOB)) <= 65535),
    UNIQUE (entry)
) STRICT;

-- Also what stops INSERT OR REPLACE, which deletes a clashing row before DELETE triggers are asked.
CREATE TRIGGER entry_follows_the_last BEFORE INSERT ON entry
WHEN NEW.position <> (SELECT coalesce(max(position) + 1, 0) FROM entry)
BEGIN SELECT RAISE(ABORT, 'entry: the position must be the next one'); END;

CREATE TRIGGER entry_is_new BEFORE INSERT ON entry
WHEN EXISTS (SELECT 1 FROM entry WHERE entry = NEW.entry)
BEGIN SELECT RAISE(ABORT, 'entry: this id is already in the ledger'); END;

CREATE TRIGGER entry_is_not_recorded_backwards BEFORE INSERT ON entry
WHEN NEW.recorded < (SELECT recorded FROM entry WHERE position = NEW.position - 1)
BEGIN SELECT RAISE(ABORT, 'entry: recorded before its predecessor'); END;

CREATE TRIGGER entry_is_never_updated BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'entry: rows are never updated; append a correcting entry'); END;

CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'entry: rows are never deleted'); END;

-- The events' data, bound to the header by digest. Absent once pruned.
CREATE TABLE body (
    position INTEGER PRIMARY KEY REFERENCES entry (position),
    body     TEXT NOT NULL                                -- canonical JSON, at most 1 MiB
             CHECK (length(CAST(body AS BLOB)) <= 1048576)
) STRICT;

-- Names that repeat in every entry, once. Ids mean nothing outside this file.
CREATE TABLE kind (
    id    INTEGER PRIMARY KEY,
    name  TEXT NOT NULL UNIQUE,                           -- "deployment.started.v1"
    class TEXT NOT NULL CHECK (class IN ('permanent', 'evidence', 'telemetry'))
) STRICT;

CREATE TABLE actor (
    id    INTEGER PRIMARY KEY,
    actor BLOB NOT NULL UNIQUE CHECK (length(actor) = 16) -- UUIDv7
) STRICT;

CREATE TABLE stream (
    id          INTEGER PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,                     -- "release/web.production"
    application TEXT,                                     -- of all its events, for ever
    environment TEXT
) STRICT;

-- The headers' runs of events, narrow enough to filter by scanning.
CREATE TABLE run (
    position INTEGER NOT NULL REFERENCES entry (position),
    start    INTEGER NOT NULL CHECK (start >= 0),         -- index of its first event in the entry
    stream   INTEGER NOT NULL REFERENCES stream (id),
    version  INTEGER NOT NULL CHECK (version >= 1),       -- of its first event, within the stream
    count    INTEGER NOT NULL CHECK (count BETWEEN 1 AND 1000),
    kind     INTEGER NOT NULL REFERENCES kind (id),
    actor    INTEGER NOT NULL REFERENCES actor (id),
    PRIMARY KEY (position, start),
    UNIQUE (stream, version)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER run_belongs_to_the_newest_entry BEFORE INSERT ON run
WHEN NEW.position IS NOT (SELECT max(position) FROM entry)
BEGIN SELECT RAISE(ABORT, 'run: only of the newest entry'); END;

CREATE TRIGGER run_follows_the_last BEFORE INSERT ON run
WHEN NEW.version <> coalesce(
       (SELECT version + count FROM run WHERE stream = NEW.stream ORDER BY version DESC LIMIT 1), 1)
  OR NEW.start <> coalesce(
       (SELECT start + count FROM run WHERE position = NEW.position ORDER BY start DESC LIMIT 1), 0)
BEGIN SELECT RAISE(ABORT, 'run: the version must be the next of its stream'); END;

CREATE TRIGGER run_is_never_updated BEFORE UPDATE ON run
BEGIN SELECT RAISE(ABORT, 'run: rows are never updated'); END;

CREATE TRIGGER run_is_never_deleted BEFORE DELETE ON run
BEGIN SELECT RAISE(ABORT, 'run: rows are never deleted'); END;

CREATE TRIGGER body_belongs_to_the_newest_entry BEFORE INSERT ON body
WHEN NEW.position IS NOT (SELECT max(position) FROM entry)
  OR EXISTS (SELECT 1 FROM body WHERE position = NEW.position)
BEGIN SELECT RAISE(ABORT, 'body: only of the newest entry, and once'); END;

CREATE TRIGGER body_is_never_updated BEFORE UPDATE ON body
BEGIN SELECT RAISE(ABORT, 'body: rows are never updated'); END;

-- A body goes only when a later retention.applied event names its class and its position. (Only
-- json_each: SQLite 3.40 takes its JSON functions for unsafe in a trigger.)
CREATE TRIGGER body_is_deleted_by_retention BEFORE DELETE ON body
WHEN NOT EXISTS (
  SELECT 1
  FROM stream
  JOIN run AS retention ON retention.stream = stream.id AND retention.position > OLD.position
  JOIN body AS basis ON basis.position = retention.position
  JOIN json_each(basis.body, '$.data') AS datum
    ON datum.key BETWEEN retention.start AND retention.start + retention.count - 1
  JOIN json_each(basis.body, datum.fullkey) AS first ON first.key = 'first'
  JOIN json_each(basis.body, datum.fullkey) AS last ON last.key = 'last'
  JOIN json_each(basis.body, datum.fullkey) AS class ON class.key = 'class'
  WHERE stream.name = 'retention/main'
    AND OLD.position BETWEEN first.atom AND last.atom
    AND class.atom <> 'permanent'
    AND class.atom = (
      SELECT kind.class FROM run JOIN kind ON kind.id = run.kind
      WHERE run.position = OLD.position LIMIT 1))
BEGIN SELECT RAISE(ABORT, 'body: no retention.applied event covers it'); END;

CREATE TRIGGER kind_is_never_updated BEFORE UPDATE ON kind
BEGIN SELECT RAISE(ABORT, 'kind: rows are never updated'); END;
CREATE TRIGGER kind_is_never_deleted BEFORE DELETE ON kind
BEGIN SELECT RAISE(ABORT, 'kind: rows are never deleted'); END;
CREATE TRIGGER actor_is_never_updated BEFORE UPDATE ON actor
BEGIN SELECT RAISE(ABORT, 'actor: rows are never updated'); END;
CREATE TRIGGER actor_is_never_deleted BEFORE DELETE ON actor
BEGIN SELECT RAISE(ABORT, 'actor: rows are never deleted'); END;
CREATE TRIGGER stream_is_never_updated BEFORE UPDATE ON stream
BEGIN SELECT RAISE(ABORT, 'stream: rows are never updated'); END;
CREATE TRIGGER stream_is_never_deleted BEFORE DELETE ON stream
BEGIN SELECT RAISE(ABORT, 'stream: rows are never deleted'); END;

-- Full tiles of the tree (C2SP tlog-tiles, height 8). The partial ones at the right edge are not
-- stored: level 0 is `entry.leaf`, a higher level is `root` of the tiles below it.
CREATE TABLE tile (
    level  INTEGER NOT NULL CHECK (level BETWEEN 0 AND 4),
    idx    INTEGER NOT NULL CHECK (idx >= 0),             -- from 0, no gaps
    root   BLOB NOT NULL CHECK (length(root) = 32),       -- of its 256 hashes: one of the level above
    hashes BLOB NOT NULL CHECK (length(hashes) = 8192),   -- 256 × 32, of 256^level leaves each
    PRIMARY KEY (level, idx)
) STRICT;

CREATE TRIGGER tile_follows_the_last BEFORE INSERT ON tile
WHEN NEW.idx <> (SELECT coalesce(max(idx) + 1, 0) FROM tile WHERE level = NEW.level)
BEGIN SELECT RAISE(ABORT, 'tile: the index must be the next of its level'); END;
CREATE TRIGGER tile_is_never_updated BEFORE UPDATE ON tile
BEGIN SELECT RAISE(ABORT, 'tile: rows are never updated'); END;
CREATE TRIGGER tile_is_never_deleted BEFORE DELETE ON tile
BEGIN SELECT RAISE(ABORT, 'tile: rows are never deleted'); END;

-- The newest checkpoint, and those that somebody else has signed or stamped.
CREATE TABLE checkpoint (
    size      INTEGER PRIMARY KEY CHECK (size >= 1),      -- entries covered: positions 0 ..< size
    witnessed INTEGER NOT NULL CHECK (witnessed IN (0, 1)),
    note      TEXT NOT NULL                               -- C2SP signed note, log signature first
) STRICT;

CREATE TRIGGER checkpoint_is_of_this_ledger BEFORE INSERT ON checkpoint
WHEN NEW.size > (SELECT coalesce(max(position) + 1, 0) FROM entry)
BEGIN SELECT RAISE(ABORT, 'checkpoint: it covers more entries than there are'); END;
CREATE TRIGGER checkpoint_keeps_its_witnesses BEFORE UPDATE ON checkpoint
WHEN NEW.size <> OLD.size OR NEW.witnessed < OLD.witnessed
BEGIN SELECT RAISE(ABORT, 'checkpoint: a witnessed one stays'); END;
CREATE TRIGGER checkpoint_stays_once_witnessed BEFORE DELETE ON checkpoint
WHEN OLD.witnessed = 1
BEGIN SELECT RAISE(ABORT, 'checkpoint: a witnessed one stays'); END;

-- States of projections, a cache: any row may go, and one whose HMAC fails is ignored.
CREATE TABLE snapshot (
    name     TEXT NOT NULL,                               -- the projection's
    revision INTEGER NOT NULL CHECK (revision >= 1),      -- of its code
    size     INTEGER NOT NULL CHECK (size >= 0),          -- entries folded
    root     BLOB NOT NULL CHECK (length(root) = 32),     -- of the tree of that size
    hmac     BLOB NOT NULL CHECK (length(hmac) = 32),     -- key outside the directory
    bytes    BLOB NOT NULL,
    PRIMARY KEY (name, size)
) STRICT;
