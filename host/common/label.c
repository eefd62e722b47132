/* SPDX-License-Identifier: MIT */
/* label.c - what a label of a run may be. */
#include "config.h"

#include <string.h>

#include "common/label.h"

#define ALNUM "abcdefghijklmnopqrstuvwxyz0123456789"

size_t
label_key_len (const char *text)
{
	size_t len = strspn (text, ALNUM "._-");

	return strspn (text, ALNUM) > 0 && len <= LABEL_KEY_MAX
			       && (text[len] == '=' || text[len] == '\0')
		       ? len
		       : 0;
}

int
label_is_valid (const char *text)
{
	size_t len = label_key_len (text);

	return len > 0 && text[len] == '='
	       && strlen (text + len + 1) <= LABEL_VALUE_MAX;
}
