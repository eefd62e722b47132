/* SPDX-License-Identifier: MIT */
/*
 * ops.h - what the parts of the reader share.
 *
 * One template walks the bytes; it is compiled once for each way to scan
 * strings: portable, SSE2, AVX2.  They agree in everything, also in the error
 * they report.  All global names begin with lhk_json_, because the reader is
 * linked into other people's plugins.
 */
#ifndef JSON_OPS_H
#define JSON_OPS_H

#include <linehook/base.h>
#include <linehook/json.h>

#include "json/utf8.h"

#pragma GCC visibility push(hidden)

/* With LHK_JSON_PORTABLE only the portable code is built. */
#if defined __x86_64__ && defined __GNUC__ && !defined LHK_JSON_PORTABLE
#define LHK_JSON_X86 1
#endif

/* What may come next (struct lhk_json.state). */
enum {
	STATE_VALUE = 0,  /* a value is due */
	STATE_AFTER = 1,  /* a value is over */
	STATE_ENTERED = 2 /* a container was entered */
};

/*
 * The three loops that see every byte.  A NULL result is an error; value and
 * object have then set j->error, string has not (see lhk_json_string_error).
 */
struct lhk_json_ops {
	const char *name;

	/* P is behind the opening quote.  Returns the closing quote. */
	const char *(*string) (const char *p, uint32_t *ret_form);

	/* P is at a value.  Returns the byte behind it. */
	const char *(*value) (struct lhk_json *j, const char *p);

	/* P is at the brace of an object; RET is zeroed.  Returns the byte
	 * behind the object. */
	const char *(*object) (struct lhk_json *j, const char *p,
			       const struct lhk_fields *table, void *ret);
};

extern const struct lhk_json_ops lhk_json_ops_portable;
#ifdef LHK_JSON_X86
extern const struct lhk_json_ops lhk_json_ops_sse2;
extern const struct lhk_json_ops lhk_json_ops_avx2;
#endif

/* The fastest that this machine can run. */
const struct lhk_json_ops *lhk_json_ops_here (void);

/* The public functions with ops of the caller's choice. */
void lhk_json_begin_ops (struct lhk_json *j, const struct lhk_json_ops *ops,
			 const char *data, size_t len);
int lhk_json_line_ops (const struct lhk_json_ops *ops, const char *data,
		       size_t len, const struct lhk_fields *table, void *ret);

void lhk_shapes_init_ops (struct lhk_shapes *s, const struct lhk_json_ops *ops,
			  const struct lhk_fields *table, const uint32_t *holes,
			  size_t n_holes);

/* Set j->error unless it is set; an error at the end of the text is
 * LHK_JSON_EEND.  Returns NULL. */
const char *lhk_json_fail (struct lhk_json *j, const char *p, int error);

/* P is the byte behind the value that was due, or NULL after an error.
 * Returns 1 or 0. */
int lhk_json_took (struct lhk_json *j, const char *p);

/* Set the error of the string whose body is at P, which was refused.  Returns
 * NULL. */
const char *lhk_json_string_error (struct lhk_json *j, const char *p);

/* What the byte behind a backslash means: ESCAPE_*. */
enum {
	ESCAPE_BAD = 0,
	ESCAPE_CANONICAL = 1, /* the writer would write it just so */
	ESCAPE_SLASH = 2,
	ESCAPE_U = 3
};
extern const uint8_t lhk_json_escapes[256];

/* Value of a hexadecimal digit, or 0xff. */
extern const uint8_t lhk_json_hex[256];

/* Are there four hexadecimal digits at P?  No byte behind the first wrong one
 * is read. */
static inline int
lhk_json_hex4_is_valid (const char *p)
{
	const uint8_t *s = (const uint8_t *) p;

	return lhk_json_hex[s[0]] != 0xff && lhk_json_hex[s[1]] != 0xff
	       && lhk_json_hex[s[2]] != 0xff && lhk_json_hex[s[3]] != 0xff;
}

/* The value of four hexadecimal digits. */
static inline uint32_t
lhk_json_hex4_value (const char *p)
{
	const uint8_t *s = (const uint8_t *) p;

	return (uint32_t) lhk_json_hex[s[0]] << 12
	       | (uint32_t) lhk_json_hex[s[1]] << 8
	       | (uint32_t) lhk_json_hex[s[2]] << 4
	       | (uint32_t) lhk_json_hex[s[3]];
}

/* The type of a value that begins with this byte: LHK_JSON_*. */
extern const uint8_t lhk_json_types[256];

/* An iterator over all members that a table and its sub-tables can fill. */
struct lhk_json_members {
	uint32_t top;
	struct lhk_json_level {
		const struct lhk_fields *table;
		char *base;
		uint32_t next;
	} level[LHK_FIELDS_DEPTH];
};

void lhk_json_members (struct lhk_json_members *m,
		       const struct lhk_fields *table, void *base);

/* The field of the next member, never an OBJECT, and its place in *ret_member;
 * NULL at the end. */
const struct lhk_field *lhk_json_member (struct lhk_json_members *m,
					 char **ret_member);

/* Make all members that TABLE can fill absent. */
void lhk_json_clear (const struct lhk_fields *table, void *base);

/* The integer of a valid JSON number of LEN bytes. */
void lhk_json_num (const char *p, size_t len, struct lhk_num *ret);

/* Whether a decimal fitted into an integer. */
enum { DECIMAL_EXACT = 1, DECIMAL_CUT = 2, DECIMAL_CLAMPED = 3 };

/*
 * A valid JSON number times 10^SCALE as an integer; what is left over is cut
 * off, or rounded half away from zero.  DECIMAL_*.
 */
int lhk_json_decimal (const char *p, size_t len, int scale, int round,
		      int64_t *ret);

#pragma GCC visibility pop

#endif /* JSON_OPS_H */
