/* SPDX-License-Identifier: MIT */
/* clip.h - as much of a text as goes into so many columns of one line. */
#ifndef CLI_VIEW_CLIP_H
#define CLI_VIEW_CLIP_H

#include <linehook/base.h>

#include "cli/view/screen.h"

/* Bytes of the longest clip. */
#define CLIP_MAX (4u * SCREEN_COLUMNS_MAX)

struct clip {
	int ascii; /* set by the owner: marks are ASCII */
	unsigned int columns;
	size_t len;
	char data[CLIP_MAX]; /* harmless UTF-8 */
};

/* The beginning of TEXT, at most MAX columns; what is left out is a mark.  A
 * newline is a mark too; blanks at both ends are left out. */
void clip_text (struct clip *c, const struct lhk_text *text, unsigned int max);

/* The end of a path, whole names, behind a mark.  A path below BASE, which is of
 * BASE_LEN bytes, is shown from there. */
void clip_path (struct clip *c, const struct lhk_text *text, unsigned int max,
		const char *base, size_t base_len);

/* Write it. */
void clip_put (const struct clip *c, struct screen *s);

#endif /* CLI_VIEW_CLIP_H */
