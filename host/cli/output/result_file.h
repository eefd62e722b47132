/* SPDX-License-Identifier: MIT */
/*
 * result_file.h - the file of --result.
 *
 * Whoever opens the file sees the old one or the whole new one: it is written
 * beside its place and renamed.  What is no regular file (a pipe, a device) is
 * written to as it is.
 */
#ifndef CLI_OUTPUT_RESULT_FILE_H
#define CLI_OUTPUT_RESULT_FILE_H

#include <linehook/run.h>

/* Could it be written, as things are now?  A sentence in ERR if not: better
 * said before an agent has worked for an hour. */
int result_check (const char *path, struct lhk_error *err);

int result_write (const char *path, const struct lhk_result *result,
		  struct lhk_error *err);

#endif /* CLI_OUTPUT_RESULT_FILE_H */
