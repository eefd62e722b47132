/* SPDX-License-Identifier: MIT */
/*
 * marks.h - by which marks a directory is known as a record.
 *
 * A store can be any directory that a user has named.  What is in it is taken
 * for a record, and may be removed, if it has two of three marks:
 *
 *	a file `lock', or a lock that is held;
 *	a run.json or a result.json with its name as the member `run';
 *	no other files than those of a record, and not `lock' alone.
 *
 * An agent may have taken away any one of them, and so may a crash while a
 * record was removed.
 */
#ifndef RECORD_MARKS_H
#define RECORD_MARKS_H

enum { RECORD_MARK_LOCK = 1 << 0, RECORD_MARK_NAME = 1 << 1 };

/* Has the directory DIR the marks of the record ID?  SEEN are those that are
 * known already.  1, 0, or -1 with errno. */
int record_marks_suffice (int dir, const char *id, unsigned int seen);

/* Are all files in the directory DIR those of a record?  How many they are; -1:
 * not all, or it cannot be read. */
int record_marks_own_files (int dir);

#endif /* RECORD_MARKS_H */
