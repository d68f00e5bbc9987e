/* libsqlite3 for Swift: its header, and functions for what Swift cannot import
 * (SQLITE_STATIC and SQLITE_TRANSIENT are casts, sqlite3_db_config is variadic). */

#ifndef STELE_CSQLITE_SHIM_H
#define STELE_CSQLITE_SHIM_H

#include <sqlite3.h>

/* Binds bytes that the caller keeps alive and unchanged until the next reset or rebinding. */
static inline int csqlite_bind_blob_static(
    sqlite3_stmt *statement, int index, const void *bytes, int count) {
  return sqlite3_bind_blob(statement, index, bytes, count, SQLITE_STATIC);
}

static inline int csqlite_bind_text_static(
    sqlite3_stmt *statement, int index, const char *bytes, int count) {
  return sqlite3_bind_text(statement, index, bytes, count, SQLITE_STATIC);
}

/* Binds bytes that SQLite copies before it returns. */
static inline int csqlite_bind_blob_copied(
    sqlite3_stmt *statement, int index, const void *bytes, int count) {
  return sqlite3_bind_blob(statement, index, bytes, count, SQLITE_TRANSIENT);
}

static inline int csqlite_bind_text_copied(
    sqlite3_stmt *statement, int index, const char *bytes, int count) {
  return sqlite3_bind_text(statement, index, bytes, count, SQLITE_TRANSIENT);
}

/* Sets a boolean option (SQLITE_DBCONFIG_DEFENSIVE, _TRUSTED_SCHEMA, _NO_CKPT_ON_CLOSE, ...):
 * 1 on, 0 off, -1 only read. What holds afterwards is stored in *effective. */
static inline int csqlite_db_config(sqlite3 *db, int option, int value, int *effective) {
  return sqlite3_db_config(db, option, value, effective);
}

#endif
