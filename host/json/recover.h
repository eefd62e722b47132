/* SPDX-License-Identifier: MIT */
/*
 * recover.h - the JSON objects of a line that is not one JSON object.
 *
 * Found are: an object with bytes in its strings that JSON forbids there (they
 * become U+FFFD: raw control bytes, also NUL, tab and CR, and each bad sequence
 * of UTF-8, by its maximal subpart, as in web browsers); an object with what a
 * terminal does not show around it or between its tokens; several objects; an
 * array of objects; either of them behind text.
 *
 * Nothing is made of what only looks like an object.  Text in front of an
 * object, or something torn, is passed over only if there is nothing but
 * objects and text in front of objects to the end of the line; if the line ends
 * in anything else, the objects before the first text are those of the line (of
 * an array that is torn: its whole elements).  No object begins inside of
 * another or of a string: behind a torn object, with which the line began, the
 * next one begins only just where that is torn.
 *
 * Time is linear in the length of the line.  Memory is one copy of at most MAX
 * bytes: where U+FFFD would pass that, a bad byte becomes `?'.
 */
#ifndef JSON_RECOVER_H
#define JSON_RECOVER_H

#include <linehook/json.h>

struct recover {
	const char *at, *start, *end; /* the line */
	char *copy;		      /* the object */
	size_t max;		      /* bytes of COPY, without its padding */
	size_t len;		      /* bytes in COPY */
	size_t left;		      /* objects that have not been taken yet */
	struct lhk_json elements;     /* of an array, in COPY */
	char *cut;		      /* the byte behind an element, or NULL */
	char behind;		      /* what it was */
	int is_array;		      /* a whole one */
	int in_list;		      /* AT is inside an array of objects */
	int text; /* there was something that may not stand there */
	/* What recover_begin found. */
	const char *rest; /* where the part of the line begins that gives no
			     object; NULL: there is none */
	int saw_json;	  /* that part has, or was, a piece of an object */
};

/* The bytes of memory that recover_begin wants for the line, at most MAX, which
 * LEN must not exceed, and its padding. */
size_t recover_room (const char *data, size_t len, size_t max);

/* Find the objects of LEN bytes at DATA, with a copy in ROOM bytes at COPY.
 * Both are borrowed as long as R is used.  Returns the number of objects; 0 if
 * the line is as good as its one object, or has none. */
size_t recover_begin (struct recover *r, const char *data, size_t len,
		      char *copy, size_t room);

/* The next object: 1, with its bytes, a newline and padding behind them, that
 * are valid until the next call; or 0. */
int recover_next (struct recover *r, struct lhk_str *ret);

#endif /* JSON_RECOVER_H */
