/* SPDX-License-Identifier: MIT */
/*
 * error.h - errors are sentences: lower case, what, which object in single
 * quotes, found and wanted, no full stop.  Said once, by the one who returns.
 */
#ifndef COMMON_ERROR_H
#define COMMON_ERROR_H

#include <linehook/base.h>

/* Fill ERR (may be NULL) and return CODE: `return error_set (err, ..);'.  Control
 * bytes in the sentence become '?'; too long a one is cut. */
int error_set (struct lhk_error *err, int code, int sys_errno, const char *fmt,
	       ...) LHK_PRINTF (4, 5);

#endif /* COMMON_ERROR_H */
