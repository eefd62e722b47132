/* SPDX-License-Identifier: MIT */
/*
 * base.h - strings, return codes and errors, for all other linehook headers.
 *
 * The public headers are C99 and C++17 and need only <stddef.h> and
 * <stdint.h>.
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
 * Borrowed bytes.  They are not NUL-terminated, so ptr[len] must not be read,
 * and may contain NUL bytes.  {NULL, 0} means "absent"; {"", 0} means "empty".
 * How long they stay valid is said where the struct is used.
 */
struct lhk_str {
	const char *ptr;
	size_t len; /* bytes */
};

/* An initializer for a string literal. */
/* clang-format off */
#define LHK_STR_INIT(literal) { "" literal, sizeof (literal) - 1 }
/* clang-format on */

/*
 * The form of a text (struct lhk_text).  All forms but PLAIN are the body of
 * a JSON string, what stands between its quotes, so that a text which comes as
 * JSON and goes as JSON need not be decoded.  Whoever sets such a form promises
 * that the body is valid JSON and valid UTF-8; PLAIN promises nothing.
 */
enum {
	LHK_TEXT_PLAIN = 0, /* UTF-8 as it stands; bad bytes are replaced */
	/* JSON body without a backslash, so also plain, and without the line
	 * separators U+0085, U+2028 and U+2029 */
	LHK_TEXT_CLEAN = 1,
	/* the same, but with those escapes that linehook writes itself:
	 * \" \\ \b \f \n \r \t */
	LHK_TEXT_CANONICAL = 2,
	/* JSON body with any escapes (\uXXXX, \/) and separators */
	LHK_TEXT_RAW = 3
};

/*
 * A borrowed text and the form it is in.  A NULL ptr means "absent"; ptr[len]
 * must not be read.  lhk_text_decode turns any form into plain UTF-8.
 */
struct lhk_text {
	const char *ptr;
	size_t len;	   /* bytes, in the given form */
	uint32_t form;	   /* LHK_TEXT_* */
	uint32_t reserved; /* 0 */
};

/* An initializer for a string literal in UTF-8. */
/* clang-format off */
#define LHK_TEXT_INIT(literal) \
	{ "" literal, sizeof (literal) - 1, LHK_TEXT_PLAIN, 0 }
/* clang-format on */

/*
 * Return codes.  0 is success, a negative code is failure, a positive one is
 * success with a remark.  The numbers are part of the ABI and are never used
 * again for something else.
 */
enum {
	LHK_OK = 0,
	LHK_SKIP = 1,  /* a line of the format, but of an unknown kind */
	LHK_AGAIN = 2, /* nothing is ready now: call lhk_host_dispatch first */
	LHK_END = 3,   /* nothing more will come */
	/* a line of the format that says only that its writer is alive */
	LHK_HEARTBEAT = 4,

	LHK_EINVAL = -1,	/* an argument that the documentation forbids */
	LHK_ENOMEM = -2,	/* out of memory */
	LHK_ESYS = -3,		/* a system call failed; see sys_errno */
	LHK_EPARSE = -4,	/* the bytes are not of the expected format */
	LHK_ELIMIT = -5,	/* a limit was reached */
	LHK_EABI = -6,		/* the plugin does not fit this host */
	LHK_ENOTFOUND = -7,	/* there is no such plugin, file or record */
	LHK_ESTATE = -8,	/* the object is not in a state for this call */
	LHK_ECANCELED = -9,	/* the work was canceled */
	LHK_ETIMEOUT = -10,	/* the time is over */
	LHK_EFORKED = -11,	/* the object belongs to the parent process */
	LHK_EUNSUPPORTED = -12, /* this version or system does not have it */
	LHK_EREFUSED = -13,	/* not safe: an untrusted plugin file, say */
	LHK_EBUG = -14		/* an internal error of linehook */
};

/*
 * Details of a failure.  The caller owns the struct, usually on the stack;
 * nothing in it is to be freed.  It is written only if the call fails.  Every
 * function that takes one accepts NULL.
 */
struct lhk_error {
	int32_t code;	   /* LHK_E*: what the function returned */
	int32_t sys_errno; /* errno, or 0 */
	char text[240];	   /* a sentence without a newline, with a NUL */
};

/* Log levels; the numbers are those of syslog. */
enum {
	LHK_LOG_ERROR = 3,
	LHK_LOG_WARN = 4,
	LHK_LOG_INFO = 6,
	LHK_LOG_DEBUG = 7
};

/* A short English text for a code, such as "out of memory"; a constant, never
 * NULL. */
LHK_EXPORT const char *lhk_strerror (int code);

/* The version of the library at run time, for comparison with LHK_VERSION; a
 * constant. */
LHK_EXPORT const char *lhk_version (void);

LHK_END_DECLS

#endif /* LHK_BASE_H */
