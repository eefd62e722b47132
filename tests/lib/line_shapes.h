/* SPDX-License-Identifier: MIT */
/*
 * line_shapes.h - one long line, in the shapes that give a plugin most to do.
 *
 * A line is a head, as many units as fit, and a tail.  In the head '#' stands
 * for a word of half the size of the line.
 */
#ifndef TESTS_LINE_SHAPES_H
#define TESTS_LINE_SHAPES_H

#include <stddef.h>

struct line_shape {
	const char *plugin;
	const char *name;
	const char *head;
	const char *unit; /* '@' stands for its number, of 12 digits */
	const char *separator;
	const char *tail;
	const char *closer; /* once for each unit, before the tail; or NULL */
	/* A line that comes before, with its newline; in it '#' stands for a
	 * word of 1000 bytes.  Or NULL. */
	const char *before;
};

/* The table ends with a shape without a plugin. */
extern const struct line_shape line_shapes[];

/* A line of about SIZE bytes with its newline, to be freed with free; its length
 * in *RET_LEN.  It does not return without memory. */
char *line_shape_make (const struct line_shape *shape, size_t size,
		       size_t *ret_len);

/* The line before it, to be freed with free; "" if there is none. */
char *line_shape_before (const struct line_shape *shape, size_t *ret_len);

#endif /* TESTS_LINE_SHAPES_H */
