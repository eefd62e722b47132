/* SPDX-License-Identifier: MIT */
/* record_fixture.h - a store in a directory of the test, and records made by hand. */
#ifndef TESTS_RECORD_FIXTURE_H
#define TESTS_RECORD_FIXTURE_H

#include <linehook/record.h>

#include "record/writer.h"
#include "lib/failing.h"

/* A new empty store's path (the directory is not made); valid until the next
 * call.  keep_clear removes it and what is in it. */
const char *keep_place (void);
void keep_clear (void);

/* It is there, empty. */
void keep_dir_made (void);

/* Begin a record there, started at 1000 ms since 1970. */
void keep_record (struct record_writer *k, const char *id);

/* N events, numbered on from FIRST: session, then texts "event N". */
void keep_events (struct record_writer *k, uint64_t first, uint64_t n);

/* These bytes behind its events, as they are. */
void keep_tail (struct record_writer *k, const char *data, size_t len);

/* End it with this verdict and exit status. */
void keep_finish (struct record_writer *k, int verdict, int status);

#endif /* TESTS_RECORD_FIXTURE_H */
