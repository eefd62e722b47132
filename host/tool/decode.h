/* SPDX-License-Identifier: MIT */
/*
 * decode.h - one JSON document, decoded while it arrives.
 *
 * Bytes are pushed in pieces of any size and go through two readers.  The
 * first enforces RFC 8259 to the letter and allocates nothing; what it has
 * accepted goes to json-c's incremental tokener, which builds the tree.  Used
 * alone, json-c would also accept NaN, control characters, overlong UTF-8 and
 * names with U+0000 in them, would clamp large integers, and would lose bytes
 * of a string when memory is short.
 *
 * Without a tree the first reader only validates.
 *
 * With skips_front, which the caller may set behind decode_init, a byte order
 * mark and terminal escape sequences in front of the document are skipped:
 * programs print them without knowing.
 */
#ifndef TOOL_DECODE_H
#define TOOL_DECODE_H

#include <stddef.h>
#include <stdint.h>

#include "common/termseq.h"

/* Levels of nested containers.  json-c frees a tree by recursion on the
 * caller's stack: about 200 KiB for this many levels. */
#define DECODE_DEPTH_MAX 512u

/* Characters of a number. */
#define DECODE_NUMBER_MAX 4096u

struct json_object;
struct json_tokener;

enum decode_error {
	DECODE_OK = 0,
	DECODE_FRONT,	  /* something stands in front of the document */
	DECODE_UNENDED,	  /* a terminal sequence there has no end */
	DECODE_CHARACTER, /* a character that may not stand here */
	DECODE_END,	  /* the document is cut off */
	DECODE_TOP,	  /* neither an object nor null */
	DECODE_TRAILING,  /* something follows the document */
	DECODE_UTF8,
	DECODE_CONTROL, /* an unescaped control character in a string */
	DECODE_ESCAPE,
	DECODE_NUMERAL,
	DECODE_NAME, /* a name with U+0000 in it, which json-c cannot hold */
	DECODE_DEEP,
	DECODE_LARGE, /* the tree would take more than its limit */
	DECODE_MEMORY
};

/* What may come next. */
enum decode_state {
	AT_TOP, /* the document */
	AT_VALUE,
	AT_FIRST_ITEM, /* or the end of the array */
	AT_FIRST_NAME, /* or the end of the object */
	AT_NAME,
	AT_COLON,
	AT_MORE, /* a comma, or the end of the container */
	AT_REST, /* white space after the document */
	IN_STRING,
	IN_NUMBER,
	IN_WORD
};

struct decode {
	enum decode_state state;
	int error;    /* enum decode_error; the first one stays */
	uint64_t off; /* bytes accepted: an error is at this offset */
	int skips_front;
	struct termseq front; /* of what is skipped */
	uint64_t front_at;    /* where its last sequence begins */
	size_t depth;
	unsigned char is_array[DECODE_DEPTH_MAX];
	uint64_t cost, cost_max; /* estimated bytes of the tree */

	/* The tree; tokener is NULL without one. */
	struct json_tokener *tokener;
	struct json_object *root;
	int is_object; /* the document begins with '{' */
	int complete;  /* json-c has the whole document */
	int has_marks; /* some numbers are marked strings in the tree */

	/* The token that is being read. */
	int in_name;
	const char *word_rest; /* missing characters of true, false, null */
	uint64_t text_len;     /* upper bound of the decoded string's bytes */
	uint32_t hex, n_hex;   /* of \uXXXX; digits still to come */
	char part[4];	       /* a character cut off by the end of a piece */
	size_t n_part;
	size_t n_number; /* a number cut off by the end of a piece */
	char number[DECODE_NUMBER_MAX];
};

/*
 * COST_MAX is the limit of the tree's memory in bytes; 0 builds no tree.  The
 * tree is allocated by json-c with malloc, whatever the host's allocator is.
 * The caller calls decode_free in the end, also after an error.
 */
void decode_init (struct decode *d, uint64_t cost_max);

/* The next LEN bytes of the document; ignored after an error. */
void decode_feed (struct decode *d, const char *data, size_t len);

/* The document has ended.  Returns enum decode_error. */
int decode_end (struct decode *d);

/* 1: only white space came, or nothing. */
int decode_is_blank (const struct decode *d);

/* The tree, after decode_end returned DECODE_OK; the caller owns it
 * (json_object_put).  NULL for null and for a blank document. */
struct json_object *decode_take (struct decode *d);

/* Free the tokener, and the tree unless it was taken.  May be called twice. */
void decode_free (struct decode *d);

/* What is wrong, as words that fit after "..: "; a constant string. */
const char *decode_reason (int error);

#endif /* TOOL_DECODE_H */
