/* SPDX-License-Identifier: MIT */
/* record_fixture.h - a store in a temporary directory, and records written to
 * it. */
#ifndef TESTS_RECORD_FIXTURE_H
#define TESTS_RECORD_FIXTURE_H

#include <linehook/record.h>

#include "record/writer.h"
#include "lib/failing.h"

/* The path of a new store, whose directory is not made; valid until the next
 * call.  record_fixture_clear removes it and what is in it. */
const char *record_fixture_store (void);
void record_fixture_clear (void);

/* The path again. */
const char *record_fixture_dir (void);

/* Make the directory of the store, empty. */
void record_fixture_make_dir (void);

/* Begin a record there, started at 1000 ms since 1970. */
void record_fixture_begin (struct record_writer *k, const char *id);

/* The same with labels, KEY=VALUE each up to a NULL, and a prompt; or NULL. */
void record_fixture_begin_labeled (struct record_writer *k, const char *id,
				   const char *const *labels,
				   const char *prompt);

/* Write N text events "event SEQ", numbered from FIRST. */
void record_fixture_events (struct record_writer *k, uint64_t first,
			    uint64_t n);

/* Append LEN bytes of DATA to its file of events, as they are. */
void record_fixture_tail (struct record_writer *k, const char *data,
			  size_t len);

/* End it with this verdict and exit status. */
void record_fixture_finish (struct record_writer *k, int verdict, int status);

/* COUNT ended runs r0.., each started a second after the one before; every third
 * of them failed. */
void record_fixture_fill (int count);

/* The ids of the runs that Q asks for, or of all (NULL), with a blank behind each;
 * valid until the next call.  The list is stopped after MAX of them; 0: not. */
const char *record_fixture_list (struct lhk_store *s,
				 const struct lhk_record_query *q, int max);

/* Make the index of FIRST and REST. */
void record_fixture_index (const char *first, const char *rest);

#endif /* TESTS_RECORD_FIXTURE_H */
