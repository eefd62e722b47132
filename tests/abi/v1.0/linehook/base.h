/* SPDX-License-Identifier: MIT */
/*
 * base.h - the few words every other linehook header needs.
 *
 * C99 and C++17, no dependency beyond <stddef.h> and <stdint.h>.
 */
#ifndef LHK_BASE_H
#define LHK_BASE_H

#include <stddef.h>
#include <stdint.h>

#include <linehook/version.h>

#ifdef __cplusplus
#define LHK_BEGIN_DECLS extern "C" {
#define LHK_END_DECLS }
#else
#define LHK_BEGIN_DECLS
#define LHK_END_DECLS
#endif

#if defined __GNUC__ || defined __clang__
#define LHK_EXPORT __attribute__ ((__visibility__ ("default")))
#define LHK_PRINTF(fmt, args)                                                  \
	__attribute__ ((__format__ (__printf__, fmt, args)))
#define LHK_MUST_CHECK __attribute__ ((__warn_unused_result__))
#else
#define LHK_EXPORT
#define LHK_PRINTF(fmt, args)
#define LHK_MUST_CHECK
#endif

LHK_BEGIN_DECLS

/*
 * A borrowed run of bytes.  Never NUL-terminated: ptr[len] must not be read.
 * May contain NUL bytes.  {NULL, 0} means "absent"; {"", 0} means "empty".
 */
struct lhk_str {
	const char *ptr;
	size_t len;
};

/* clang-format off */
#define LHK_STR_INIT(literal) { "" literal, sizeof (literal) - 1 }
/* clang-format on */

/*
 * The form of a text (struct lhk_text).  All forms but PLAIN are the body of
 * a JSON string, between its quotes, already known to be valid JSON and valid
 * UTF-8: whoever sets such a form vouches for that.
 */
enum {
	LHK_TEXT_PLAIN = 0, /* UTF-8 to be read as it stands */
	LHK_TEXT_CLEAN = 1, /* JSON body without any backslash: also plain */
	LHK_TEXT_SAME = 2,  /* JSON body; its escapes are only
			       \" \\ \b \f \n \r \t */
	LHK_TEXT_RAW = 3    /* JSON body with any escapes (\uXXXX, \/) */
};

/*
 * A borrowed text and the form it is in.  {NULL, 0, ..} means "absent".
 * ptr[len] must not be read.  lhk_text_decode (json.h, and exported by the
 * library) turns any form into plain UTF-8.
 */
struct lhk_text {
	const char *ptr;
	size_t len;	   /* bytes, in the given form */
	uint32_t form;	   /* LHK_TEXT_* */
	uint32_t reserved; /* 0 */
};

/* clang-format off */
#define LHK_TEXT_INIT(literal) \
	{ "" literal, sizeof (literal) - 1, LHK_TEXT_PLAIN, 0 }
/* clang-format on */

/*
 * Return codes.  0 is success, negative is failure, positive is "success,
 * with a remark".  Values are part of the ABI and are never reused.
 */
enum {
	LHK_OK = 0,
	LHK_SKIP = 1,  /* understood enough to know it is not mine */
	LHK_AGAIN = 2, /* nothing ready now; ask again after dispatch */
	LHK_END = 3,   /* nothing more will ever come */

	LHK_EINVAL = -1, /* the caller broke a documented rule */
	LHK_ENOMEM = -2,
	LHK_ESYS = -3,	 /* a system call failed; see sys_errno */
	LHK_EPARSE = -4, /* the bytes are not what the format promises */
	LHK_ELIMIT = -5, /* a configured limit was reached */
	LHK_EABI = -6,	 /* plugin and host cannot work together */
	LHK_ENOTFOUND = -7,
	LHK_ESTATE = -8, /* right call, wrong moment */
	LHK_ECANCELED = -9,
	LHK_ETIMEOUT = -10,
	LHK_EFORKED = -11, /* object belongs to the parent process */
	LHK_EUNSUPPORTED = -12,
	LHK_EREFUSED = -13, /* unsafe plugin file, forbidden environment.. */
	LHK_EBUG = -14	    /* broken invariant inside linehook */
};

/*
 * Details of a failure.  The caller owns it, usually on the stack; nothing in
 * it needs freeing.  Written only on failure.  Every function that takes one
 * accepts NULL.
 */
struct lhk_error {
	int32_t code;	   /* one of LHK_E*, equal to the return value */
	int32_t sys_errno; /* errno, or 0 */
	char text[240];	   /* one line, no newline, NUL-terminated */
};

/* Log levels; the numbers are those of syslog. */
enum {
	LHK_LOG_ERROR = 3,
	LHK_LOG_WARN = 4,
	LHK_LOG_INFO = 6,
	LHK_LOG_DEBUG = 7
};

/* Short fixed English text for a code ("out of memory").  Never NULL. */
LHK_EXPORT const char *lhk_strerror (int code);

/* Version of the library at run time, for comparison with LHK_VERSION. */
LHK_EXPORT const char *lhk_version (void);

LHK_END_DECLS

#endif /* LHK_BASE_H */
