/* SPDX-License-Identifier: MIT */
/*
 * json.h - a strict JSON reader that allocates nothing, for plugins.
 *
 * Part of the plugin: link liblinehook-json.a (pkg-config linehook-plugin
 * names it).  Strict RFC 8259 and strict UTF-8; nesting up to
 * LHK_JSON_DEPTH; no allocation, no recursion, no locale, no writable static
 * data.  SSE2, AVX2 (chosen at run time) and portable code agree exactly.
 *
 * Input.  A line as line_hook gets it: data[len] is '\n' and LHK_LINE_PADDING
 * bytes from there may be read.  Nothing is copied: results point into it.
 *
 * Errors stick.  After the first one every call answers 0 and lhk_json_end
 * says so; straight-line code needs no check in between.  Results taken
 * before the error was met are NOT to be used: ask lhk_json_end first.
 *
 * Two levels: the pull reader walks any document; a table of fields
 * (struct lhk_field) fills a struct of the plugin's own in one pass.
 */
#ifndef LHK_JSON_H
#define LHK_JSON_H

#include <linehook/base.h>

LHK_BEGIN_DECLS

#define LHK_JSON_DEPTH 128u

/* The library exports lhk_text_decode; as a part of a plugin it is private. */
#ifdef LHK_JSON_PRIVATE
#define LHK_JSON_EXPORT
#else
#define LHK_JSON_EXPORT LHK_EXPORT
#endif

/* Type of a value; 0 means none (end of container, or an error). */
enum {
	LHK_JSON_NONE = 0,
	LHK_JSON_OBJECT = 1,
	LHK_JSON_ARRAY = 2,
	LHK_JSON_STRING = 3,
	LHK_JSON_NUMBER = 4,
	LHK_JSON_TRUE = 5,
	LHK_JSON_FALSE = 6,
	LHK_JSON_NULL = 7
};

/* Reasons in struct lhk_json.error. */
enum {
	LHK_JSON_OK = 0,
	LHK_JSON_ESYNTAX = 1,	/* not JSON */
	LHK_JSON_ESTRING = 2,	/* control byte or bad escape in a string */
	LHK_JSON_EUTF8 = 3,	/* not UTF-8 */
	LHK_JSON_EDEPTH = 4,	/* nested deeper than LHK_JSON_DEPTH */
	LHK_JSON_ETRAILING = 5, /* something behind the value */
	LHK_JSON_EEND = 6	/* the text ends inside the value */
};

struct lhk_json_ops;

/* A reader.  In place; nothing to free.  Members are private but for error. */
struct lhk_json {
	const char *at; /* next byte */
	const char *start;
	const char *end;       /* start + len; *end is '\n' */
	uint32_t depth;	       /* open containers */
	int32_t error;	       /* LHK_JSON_*; sticks */
	uint64_t is_object[2]; /* bit per open container */
	uint32_t state;	       /* what may come next */
	uint32_t reserved;
	const struct lhk_json_ops *ops; /* for this machine */
};

/* The raw text of a value, valid JSON; {NULL, 0, 0} means absent. */
struct lhk_raw {
	const char *ptr;
	size_t len;
	int32_t type; /* LHK_JSON_* */
	int32_t form; /* private: LHK_TEXT_* of a string; 0 unknown */
};

/* A number as an integer.  HAS 0: absent or not a number. */
struct lhk_num {
	int64_t value; /* fraction cut off; out of range: clamped */
	int32_t has;   /* 1 given; 2 given, but clamped or cut */
	int32_t reserved;
};

/* ---- pull reader ---- */

void lhk_json_begin (struct lhk_json *j, const char *data, size_t len);

/* Begin on a value that the reader has already accepted (a raw slice).  An
 * absent one is no value: every call answers 0. */
void lhk_json_begin_raw (struct lhk_json *j, const struct lhk_raw *raw);

/* Type of the value that comes next, judged by its first byte; NONE where
 * none is due (key and element say when one is). */
int lhk_json_peek (struct lhk_json *j);

/* Go into the object or array that comes next: 1, or 0 if it is none. */
int lhk_json_enter (struct lhk_json *j);

/* In an object: the next key, 1; or leave the object, 0.  The value is then
 * taken by any function below or lhk_json_enter; if it is not, the next call
 * skips it.  In an array: the rest of it is skipped and it is left, 0. */
int lhk_json_key (struct lhk_json *j, struct lhk_text *ret_key);

/* In an array: 1 if there is another element (take it), 0: array left.  In an
 * object: the rest of it is skipped and it is left, 0. */
int lhk_json_element (struct lhk_json *j);

/* Take the next value; 1, or 0 (and it is NOT taken) if it has another type. */
int lhk_json_string (struct lhk_json *j, struct lhk_text *ret);
int lhk_json_int (struct lhk_json *j, struct lhk_num *ret);
int lhk_json_bool (struct lhk_json *j, int32_t *ret); /* 1 true, -1 false */

/* Take the next value whatever it is; validated in full.  1 or 0. */
int lhk_json_raw (struct lhk_json *j, struct lhk_raw *ret);
int lhk_json_skip (struct lhk_json *j);

/* The document must be over.  LHK_OK, or LHK_EPARSE. */
int lhk_json_end (struct lhk_json *j);

/* ---- fields: fill a struct by a table ---- */

enum {
	LHK_FIELD_TEXT = 1,  /* struct lhk_text; of other types: absent */
	LHK_FIELD_INT = 2,   /* struct lhk_num */
	LHK_FIELD_BOOL = 3,  /* int32_t: 1 true, -1 false, 0 absent */
	LHK_FIELD_RAW = 4,   /* struct lhk_raw: any value */
	LHK_FIELD_OBJECT = 5 /* the members of an object, by SUB; OFFSET is
				where the members of SUB count from */
};

enum {
	LHK_FIELD_FIRST = 1 << 0 /* of duplicate keys the FIRST counts */
};

struct lhk_fields;

struct lhk_field {
	const char *key; /* plain UTF-8 */
	uint32_t key_len;
	uint16_t kind; /* LHK_FIELD_* */
	uint16_t flags;
	uint32_t offset; /* of the member, in the struct of its table */
	uint32_t reserved;
	const struct lhk_fields *sub; /* OBJECT */
};

/* At most so many fields in one table, and tables within each other (objects
 * of deeper ones are left absent).  No table is its own SUB. */
#define LHK_FIELDS_MAX 64u
#define LHK_FIELDS_DEPTH 16u

/* Tables are static const; keys best in the order of the wire.  A sub-table
 * may fill a struct within the struct or, from OFFSET 0, that struct itself. */
struct lhk_fields {
	const struct lhk_field *fields;
	uint32_t n_fields;
	uint32_t size; /* sizeof the struct it fills */
};

/* clang-format off */
#define LHK_FIELD(key_, kind_, type, member) \
	{ "" key_, sizeof (key_) - 1, (kind_), 0, \
	  (uint32_t) offsetof (type, member), 0, NULL }
/* clang-format on */
/* clang-format off */
#define LHK_FIELD_SUB(key_, table, type, member) \
	{ "" key_, sizeof (key_) - 1, LHK_FIELD_OBJECT, 0, \
	  (uint32_t) offsetof (type, member), 0, (table) }
/* clang-format on */
/* Does not compile when the table is too long. */
#define LHK_FIELDS(name, type, array)                                          \
	static const struct lhk_fields name = {                                \
		(array),                                                       \
		sizeof (array) / sizeof ((array)[0])                           \
			* sizeof (char[sizeof (array) / sizeof ((array)[0])    \
						       <= LHK_FIELDS_MAX       \
					       ? 1                             \
					       : -1]),                         \
		(uint32_t) sizeof (type)                                       \
	}

/*
 * Take the next value, which must be an object (else 0), into RET, a struct
 * of TABLE->size bytes that is zeroed first.  Unknown keys are validated and
 * skipped.  Of duplicate keys the last counts, whole: a second object
 * replaces the first with all its members.  1, or 0 on error.
 */
int lhk_json_object (struct lhk_json *j, const struct lhk_fields *table,
		     void *ret);

/* begin + object + end: a whole line.  LHK_OK or LHK_EPARSE. */
int lhk_json_line (const char *data, size_t len, const struct lhk_fields *table,
		   void *ret);

/* The same on a raw slice: LHK_OK, or LHK_EPARSE if it is no object; then, too,
 * RET is zeroed. */
int lhk_json_raw_object (const struct lhk_raw *raw,
			 const struct lhk_fields *table, void *ret);

/* ---- values ---- */

/* A raw slice that is a string as a text; 0 if it is none. */
int lhk_raw_text (const struct lhk_raw *raw, struct lhk_text *ret);

/* A raw slice as an integer; 0 if it is no number. */
int lhk_raw_num (const struct lhk_raw *raw, struct lhk_num *ret);

/* A raw number in units of 10^-9, rounded half away from zero, clamped: for
 * money.  1, or 0 if it is no number. */
int lhk_raw_nano (const struct lhk_raw *raw, int64_t *ret);

/* Does this text, decoded, equal the plain bytes?  A PLAIN one is compared as
 * it stands; an absent one equals nothing. */
int lhk_text_is (const struct lhk_text *text, const char *plain, size_t len);
#define LHK_TEXT_IS(text, literal)                                             \
	lhk_text_is ((text), "" literal, sizeof (literal) - 1)

/*
 * Decode into plain UTF-8; lone surrogates become U+FFFD, a PLAIN text that
 * is not UTF-8 has each bad sequence replaced by U+FFFD.  Writes at most CAP
 * bytes, never half a character, and returns the bytes written; if
 * ret_need is not NULL it gets the bytes the whole text needs.
 */
LHK_JSON_EXPORT size_t lhk_text_decode (const struct lhk_text *text, char *out,
					size_t cap, size_t *ret_need);

/* ---- line shapes: a cache for streams of like lines ---- */

/*
 * Stream deltas repeat one skeleton around one or two strings.  A cache keeps
 * the literal bytes of lines that were read in full, and what they gave.  A
 * later line with the same literal bytes and complete, valid strings in the
 * holes is valid by construction, and gives the same struct with the holes
 * exchanged.  Everything else takes the long way: the result is the same.
 *
 * One cache per stream and table.  HOLES are the offsets of the TEXT members
 * that may vary (at most LHK_SHAPE_HOLES); all others are literal, and so is
 * a hole that the line does not have.  The results of lhk_shape_line are valid
 * until the next call on the cache, as long as the line is.
 */
#define LHK_SHAPE_HOLES 4
#define LHK_SHAPE_ENTRIES 4
#define LHK_SHAPE_BYTES 1024  /* literal bytes of one shape */
#define LHK_SHAPE_STRUCT 2048 /* largest struct that can be cached */

struct lhk_shapes; /* sizeof known by lhk_shapes_size */

size_t lhk_shapes_size (void);
void lhk_shapes_init (struct lhk_shapes *s, const struct lhk_fields *table,
		      const uint32_t *holes, size_t n_holes);

/* As lhk_json_line, through the cache; 1 instead of LHK_OK when the line had
 * a known shape (a remark for counters). */
int lhk_shape_line (struct lhk_shapes *s, const char *data, size_t len,
		    void *ret);

LHK_END_DECLS

#endif /* LHK_JSON_H */
