/* SPDX-License-Identifier: MIT */
/*
 * repair.h - a line whose strings hold bytes that JSON forbids there.
 *
 * Within strings, each raw control byte (also NUL, tab and CR) and each bad
 * sequence of UTF-8 (the maximal subpart, as web browsers take it) becomes
 * U+FFFD.  All other bytes are copied.  The result need not be JSON.
 */
#ifndef JSON_REPAIR_H
#define JSON_REPAIR_H

#include <stddef.h>

/* Bytes of the repaired line; 0 if there is nothing to repair. */
size_t repair_size (const char *data, size_t len);

/* Write it to OUT, which has room for repair_size bytes; its length. */
size_t repair_line (const char *data, size_t len, char *out);

#endif /* JSON_REPAIR_H */
