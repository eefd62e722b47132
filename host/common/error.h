/* SPDX-License-Identifier: MIT */
/*
 * error.h - sentences about errors.
 *
 * A sentence begins in lower case, says what failed, names the object in
 * single quotes, says what was found and what was wanted, and has no full stop.
 * The function that fails first writes it.
 */
#ifndef COMMON_ERROR_H
#define COMMON_ERROR_H

#include <linehook/base.h>

/* Fill ERR, which may be NULL, and return CODE: `return error_set (err, ..);'.
 * SYS_ERRNO is an errno or 0.  Control bytes in the sentence become '?'; a
 * sentence that is too long is cut. */
int error_set (struct lhk_error *err, int code, int sys_errno, const char *fmt,
	       ...) LHK_PRINTF (4, 5);

#endif /* COMMON_ERROR_H */
