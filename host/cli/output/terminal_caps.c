/* SPDX-License-Identifier: MIT */
/* terminal_caps.c - what an output can show: its width, colours, characters. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/output/terminal.h"
#include "cli/output/terminal_caps.h"
#include "common/macros.h"

#define COLUMNS_DEFAULT 80

/* The variable NAME; NULL if it is not set or empty. */
static const char *
variable (const char *name)
{
	const char *value = getenv (name);

	return value != NULL && *value != '\0' ? value : NULL;
}

unsigned int
terminal_columns (int fd)
{
	const char *text = variable ("COLUMNS");
	struct winsize size;
	unsigned long n = 0;
	char *end;

	if (ioctl (fd, TIOCGWINSZ, &size) == 0)
		n = size.ws_col;
	if (n == 0 && text != NULL && *text >= '1' && *text <= '9') {
		n = strtoul (text, &end, 10);
		n = *end == '\0' ? n : 0;
	}
	if (n == 0)
		n = COLUMNS_DEFAULT;
	return n < TERMINAL_COLUMNS_MAX ? (unsigned int) n
					: TERMINAL_COLUMNS_MAX;
}

unsigned int
terminal_columns_if_any (int fd)
{
	return isatty (fd) ? terminal_columns (fd) : 0;
}

int
terminal_has_colors (int fd)
{
	const char *force = variable ("CLICOLOR_FORCE");

	if (variable ("NO_COLOR") != NULL)
		return 0;
	if (force != NULL && strcmp (force, "0") != 0)
		return 1;
	return terminal_is_able (fd);
}

int
terminal_is_utf8 (void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *value = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE (names) && value == NULL; i++)
		value = variable (names[i]);
	value = value != NULL ? strchr (value, '.') : NULL;
	return value != NULL
	       && (strncasecmp (value, ".UTF-8", 6) == 0
		   || strncasecmp (value, ".UTF8", 5) == 0);
}
