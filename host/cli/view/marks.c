/* SPDX-License-Identifier: MIT */
/* marks.c - the marks at the beginning of the view's own lines. */
#include "config.h"

#include "cli/view/marks.h"

static const struct {
	const char *utf8;
	uint32_t utf8_columns;
	const char *ascii;
	uint32_t ascii_columns;
	const char *sgr;
} marks[] = {
	/* clang-format off: a table */
	[MARK_HEAD] = { "\xe2\x97\x86", 1, "*", 1, "1;36" },
	[MARK_NOTE] = { "\xe2\x97\x87", 1, "-", 1, "2" },
	[MARK_CALL] = { "\xe2\x96\xb8", 1, ">", 1, "36" },
	[MARK_OK] = { "\xe2\x9c\x93", 1, "+", 1, "32" },
	[MARK_FAILED] = { "\xe2\x9c\x97", 1, "x", 1, "1;31" },
	[MARK_DENIED] = { "\xe2\x8a\x98", 1, "x", 1, "1;31" },
	[MARK_CANCELED] = { "\xe2\x96\xa0", 1, "x", 1, "33" },
	[MARK_WARN] = { "!", 1, "!", 1, "33" },
	[MARK_RETRY] = { "\xe2\x86\xbb", 1, "~", 1, "33" },
	[MARK_ASK] = { "?", 1, "?", 1, "1;35" },
	[MARK_USER] = { "\xe2\x9d\xaf", 1, "<", 1, "1;34" },
	[MARK_THOUGHT] = { "\xe2\x94\x8a", 1, ":", 1, "2" },
	[MARK_STDERR] = { "\xc2\xb7", 1, "#", 1, "2" },
	[MARK_THREAD] = { "\xe2\x94\x8c", 1, ".", 1, "35" },
	[MARK_BAR] = { "\xe2\x94\x82", 1, "|", 1, "35" },
	[MARK_PENDING] = { "[ ]", 3, "[ ]", 3, "" },
	[MARK_RUNNING] = { "[>]", 3, "[>]", 3, "1;36" },
	[MARK_DONE] = { "[x]", 3, "[x]", 3, "32" },
	[MARK_DOT] = { " \xc2\xb7 ", 3, ", ", 2, "" },
	[MARK_CUT] = { "\xe2\x80\xa6", 1, "...", 3, "" },
	[MARK_NEWLINE] = { "\xe2\x86\xb5", 1, "\\n", 2, "" },
	/* clang-format on */
};

struct mark
mark_of (enum view_mark mark, int ascii)
{
	const struct mark m = {
		ascii ? marks[mark].ascii : marks[mark].utf8,
		ascii ? marks[mark].ascii_columns : marks[mark].utf8_columns,
		marks[mark].sgr,
	};

	return m;
}
