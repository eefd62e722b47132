/* SPDX-License-Identifier: MIT */
/*
 * json.h - a strict JSON reader that allocates nothing, for plugins.
 *
 * The reader becomes a part of the plugin: link liblinehook-json.a (pkg-config
 * linehook-plugin names it).  It takes RFC 8259 and UTF-8 strictly, nested up
 * to LHK_JSON_DEPTH levels, and has no allocation, recursion, locale or
 * writable static data.  Portable, SSE2 and AVX2 code (chosen at run time)
 * give exactly the same results.
 *
 * Input.  A line as line_hook gets it: data[len] is '\n' and LHK_LINE_PADDING
 * bytes from there may be read.  Nothing is copied: results point into the
 * line and are valid as long as it is.
 *
 * Errors.  After the first error every call returns 0 and lhk_json_end returns
 * it, so the calls in between need no check.  Results that were read before the
 * error must NOT be used: call lhk_json_end first.
 *
 * There are two levels: the pull reader walks any document; a table of fields
 * (struct lhk_field) fills a struct of the plugin in one pass.  Texts are put
 * together from pieces in a struct lhk_text_buf.
 */
#ifndef LHK_JSON_H
#define LHK_JSON_H

#include <linehook/base.h>

LHK_BEGIN_DECLS

/* Objects and arrays within each other. */
#define LHK_JSON_DEPTH 128u

/* The library exports lhk_text_decode; in a plugin the function is private. */
#ifdef LHK_JSON_PRIVATE
#define LHK_JSON_EXPORT
#else
#define LHK_JSON_EXPORT LHK_EXPORT
#endif

/* The type of a value; NONE: there is no value here. */
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

/* Errors: the member error of struct lhk_json. */
enum {
	LHK_JSON_OK = 0,
	LHK_JSON_ESYNTAX = 1,	/* not JSON */
	LHK_JSON_ESTRING = 2,	/* control byte or bad escape in a string */
	LHK_JSON_EUTF8 = 3,	/* not UTF-8 */
	LHK_JSON_EDEPTH = 4,	/* nested deeper than LHK_JSON_DEPTH */
	LHK_JSON_ETRAILING = 5, /* something comes after the value */
	LHK_JSON_EEND = 6	/* the text ends inside the value */
};

struct lhk_json_ops;

/* A reader.  It lies where the caller puts it, and there is nothing to free.
 * All members but error are private. */
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

/* The text of a value, valid JSON, as a slice of the line.  A NULL ptr means
 * that there is none. */
struct lhk_raw {
	const char *ptr;
	size_t len;
	int32_t type; /* LHK_JSON_* */
	int32_t form; /* private */
};

/* A number as an integer. */
struct lhk_num {
	int64_t value; /* without a fraction; at most INT64_MAX */
	int32_t has;   /* 1: exact; 2: a fraction was cut off or the number was
			  out of range; 0: absent or no number */
	int32_t reserved;
};

/* ---- pull reader ---- */

/* Begin to read LEN bytes at DATA, which are borrowed. */
void lhk_json_begin (struct lhk_json *j, const char *data, size_t len);

/* Begin to read a slice that the reader has already accepted.  If it is
 * absent, every call returns 0. */
void lhk_json_begin_raw (struct lhk_json *j, const struct lhk_raw *raw);

/* The type of the next value, LHK_JSON_*, by its first byte; NONE if no value
 * comes next (lhk_json_key and lhk_json_element go to the next one). */
int lhk_json_peek (struct lhk_json *j);

/* Enter the object or array that comes next: 1, or 0 if it is none. */
int lhk_json_enter (struct lhk_json *j);

/* In an object: go to its next member and read the key, 1; or leave the object
 * at its end, 0.  The value can then be read or entered; if it is not, the next
 * call skips it.  In an array: skip the rest and leave it, 0. */
int lhk_json_key (struct lhk_json *j, struct lhk_text *ret_key);

/* In an array: go to its next element, 1; or leave the array at its end, 0.
 * In an object: skip the rest and leave it, 0. */
int lhk_json_element (struct lhk_json *j);

/* Read the next value: 1; or 0 if it has another type: then it is still the
 * next value, and *ret is as it was.  A boolean is 1 for true, -1 for false. */
int lhk_json_string (struct lhk_json *j, struct lhk_text *ret);
int lhk_json_int (struct lhk_json *j, struct lhk_num *ret);
int lhk_json_bool (struct lhk_json *j, int32_t *ret);

/* Read or skip the next value, whatever it is; all of it is validated.  1, or
 * 0 if there is none or it is not valid. */
int lhk_json_raw (struct lhk_json *j, struct lhk_raw *ret);
int lhk_json_skip (struct lhk_json *j);

/* Check that the document is over and that no error was met.  LHK_OK, or
 * LHK_EPARSE with the reason in j->error. */
int lhk_json_end (struct lhk_json *j);

/* ---- fields: fill a struct by a table ---- */

/* What the member of a field is.  A value of another type leaves it absent. */
enum {
	LHK_FIELD_TEXT = 1,  /* struct lhk_text: a string */
	LHK_FIELD_INT = 2,   /* struct lhk_num: a number */
	LHK_FIELD_BOOL = 3,  /* int32_t: 1 true, -1 false, 0 absent */
	LHK_FIELD_RAW = 4,   /* struct lhk_raw: any value */
	LHK_FIELD_OBJECT = 5 /* an object, whose fields are in the table SUB;
				their offsets count from OFFSET */
};

/* Flags of a field. */
enum {
	LHK_FIELD_FIRST = 1 << 0 /* of duplicate keys the first counts */
};

struct lhk_fields;

/* A key, and the member of a struct that gets its value. */
struct lhk_field {
	const char *key;  /* plain UTF-8 */
	uint32_t key_len; /* bytes */
	uint16_t kind;	  /* LHK_FIELD_* */
	uint16_t flags;
	uint32_t offset;   /* bytes, of the member in the struct of its table */
	uint32_t reserved; /* 0 */
	const struct lhk_fields *sub; /* for LHK_FIELD_OBJECT, else NULL */
};

/* Fields of one table, and tables within each other (the members of deeper ones
 * stay absent).  No table is its own SUB. */
#define LHK_FIELDS_MAX 64u
#define LHK_FIELDS_DEPTH 16u

/* A table of fields.  It is fastest if the keys are in the order in which the
 * provider writes them.  A sub-table fills a struct within the struct or, with
 * an OFFSET of 0, other members of the same struct. */
struct lhk_fields {
	const struct lhk_field *fields;
	uint32_t n_fields;
	uint32_t size; /* sizeof the struct that it fills */
};

/* Initializers of a field, without and with a sub-table. */
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
/* Define a table NAME for struct TYPE with the fields of ARRAY.  It does not
 * compile if there are more than LHK_FIELDS_MAX. */
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
 * Read the next value, which must be an object, into RET, a struct of
 * TABLE->size bytes, which is zeroed first.  Unknown keys are validated and
 * skipped.  Of duplicate keys the last counts: a second object replaces the
 * first with all its members.  1, or 0 after an error or if it is not an object.
 */
int lhk_json_object (struct lhk_json *j, const struct lhk_fields *table,
		     void *ret);

/* Read a whole line, which must be an object, in one call.  LHK_OK or
 * LHK_EPARSE; RET is zeroed first. */
int lhk_json_line (const char *data, size_t len, const struct lhk_fields *table,
		   void *ret);

/* The same for a slice that the reader has accepted. */
int lhk_json_raw_object (const struct lhk_raw *raw,
			 const struct lhk_fields *table, void *ret);

/* ---- values ---- */

/* The text of a slice that is a string: 1, or 0 if it is not a string. */
int lhk_raw_text (const struct lhk_raw *raw, struct lhk_text *ret);

/* The integer of a slice that is a number: 1, or 0 if it is not a number. */
int lhk_raw_num (const struct lhk_raw *raw, struct lhk_num *ret);

/* The same in units of 10^-9, rounded half away from zero, and at most
 * INT64_MAX: for money. */
int lhk_raw_nano (const struct lhk_raw *raw, int64_t *ret);

/* Does TEXT, decoded, equal LEN plain bytes?  1 or 0.  A PLAIN text is compared
 * without decoding; an absent or NULL text equals nothing. */
int lhk_text_is (const struct lhk_text *text, const char *plain, size_t len);
#define LHK_TEXT_IS(text, literal)                                             \
	lhk_text_is ((text), "" literal, sizeof (literal) - 1)

/*
 * Decode TEXT into plain UTF-8.  Lone surrogates and each bad sequence of a
 * PLAIN text become U+FFFD.  At most CAP bytes are written to OUT, never half a
 * character, and no NUL after them.  Returns the number of bytes written;
 * *ret_need, if it is not NULL, gets the number that the whole text needs.  A
 * NULL TEXT is an absent one, and with a NULL OUT nothing is written.
 */
LHK_JSON_EXPORT size_t lhk_text_decode (const struct lhk_text *text, char *out,
					size_t cap, size_t *ret_need);

/* ---- texts of pieces ---- */

/*
 * Puts a text together in memory of the caller, often an automatic array: the
 * host copies what an event points to.  What no longer fits is left out, from
 * there on and in whole characters, and counted, so that a second round with
 * memory of NEED bytes gets all of it.
 *
 *	char memory[256];
 *	struct lhk_text_buf b;
 *
 *	lhk_text_begin (&b, memory, sizeof memory);
 *	LHK_TEXT_PUT (&b, "line ");
 *	lhk_text_put_int (&b, m.line.value);
 *	LHK_TEXT_PUT (&b, ": ");
 *	lhk_text_put_text (&b, &m.message);
 *	notice.text = lhk_text_end (&b);
 */
struct lhk_text_buf {
	char *ptr;   /* the memory; NULL: there is none, the text is measured */
	size_t cap;  /* bytes of it */
	size_t len;  /* bytes written; less than NEED if the text was cut */
	size_t need; /* bytes of the whole text */
};

/* Begin an empty text in CAP bytes at MEMORY, which are borrowed as long as the
 * text is used.  There is nothing to free. */
void lhk_text_begin (struct lhk_text_buf *b, char *memory, size_t cap);

/* Append plain bytes, whole characters of UTF-8; a bad one becomes U+FFFD. */
void lhk_text_put (struct lhk_text_buf *b, const char *plain, size_t len);
#define LHK_TEXT_PUT(b, literal)                                               \
	lhk_text_put ((b), "" literal, sizeof (literal) - 1)

/* Append TEXT, decoded; an absent or NULL one is empty. */
void lhk_text_put_text (struct lhk_text_buf *b, const struct lhk_text *text);

/* Append a number in decimal digits. */
void lhk_text_put_int (struct lhk_text_buf *b, int64_t value);

/* Append TEXT as a JSON string, with its quotes; null if it is absent. */
void lhk_text_put_json (struct lhk_text_buf *b, const struct lhk_text *text);

/* The text so far, in PLAIN form; it may be cut. */
struct lhk_text lhk_text_end (const struct lhk_text_buf *b);

/* The same as the text of a JSON value, for an input or for data; absent if it
 * is cut, for then it is no JSON. */
struct lhk_str lhk_text_end_json (const struct lhk_text_buf *b);

/* ---- line shapes: a cache for streams of like lines ---- */

/*
 * The lines of a stream of deltas differ in one or two strings.  A cache keeps
 * the other bytes of lines that were read in full (their shape), and the struct
 * they gave.  A later line with the same bytes and complete, valid strings in
 * the holes between them is valid by construction, and gives the same struct
 * with other strings.  Any other line is read in full; the result is the same.
 *
 * A cache is for one stream and one table.  HOLES are the offsets of the TEXT
 * members that differ, at most LHK_SHAPE_HOLES; all other members are part of
 * the shape, and so is a hole that the line does not have.  The results of
 * lhk_shape_line are valid as long as the line, and until the next call on the
 * cache.
 */
#define LHK_SHAPE_HOLES 4
#define LHK_SHAPE_ENTRIES 4   /* shapes in a cache */
#define LHK_SHAPE_BYTES 1024  /* bytes of a shape */
#define LHK_SHAPE_STRUCT 2048 /* bytes of the largest struct it can keep */

struct lhk_shapes;

/* Bytes of a cache, for the caller to allocate, aligned for any type. */
size_t lhk_shapes_size (void);

/* TABLE is borrowed as long as the cache is used, HOLES for the call.  There is
 * nothing to free. */
void lhk_shapes_init (struct lhk_shapes *s, const struct lhk_fields *table,
		      const uint32_t *holes, size_t n_holes);

/* What lhk_json_line does, by the cache's table.  LHK_OK or LHK_EPARSE; or 1 if
 * the line had a known shape, which is as good as LHK_OK. */
int lhk_shape_line (struct lhk_shapes *s, const char *data, size_t len,
		    void *ret);

LHK_END_DECLS

#endif /* LHK_JSON_H */
